import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { App } from '../../http/app.ts';
import { type AnswerCheck, createAnswerCheck } from './checked-answers.ts';
import { documentOf } from './document.ts';
import { payloadOf } from './payloads.ts';

/**
 * Makes a test fail that gets an answer from this app which is otherwise than the OpenAPI document says. What is sent
 * over sockets is not seen.
 */
export function checkAnswers(app: App): void {
  const { inject } = app;
  let check: AnswerCheck | undefined;
  async function checked(options: InjectOptions | string): Promise<LightMyRequestResponse> {
    const answer = await inject(options);
    check ??= createAnswerCheck(documentOf(app));
    assertDocumented(check, answer);
    return answer;
  }
  // Its other forms, with a callback and without options, are not used here.
  Object.assign(app, { inject: checked });
}

/** @throws Error - the answer is otherwise than the document says */
function assertDocumented(
  check: AnswerCheck,
  { raw: { req }, statusCode, headers, body }: LightMyRequestResponse,
): void {
  const { method = '', url = '' } = req;
  for (const text of new Set([body, payloadOf(req) ?? body])) {
    const problems = check({ method, url, status: statusCode, headers, body: text });
    if (problems.length === 0) continue;
    throw new Error(`${method} ${url} was answered ${statusCode} ${text}, but ${problems.join(', and ')}.`);
  }
}
