import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { App } from '../../http/app.ts';
import { type AnswerCheck, createAnswerCheck } from './checked-answers.ts';
import { documentOf } from './document.ts';

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
export function assertDocumented(check: AnswerCheck, answer: LightMyRequestResponse): void {
  const { method = '', url = '' } = answer.raw.req;
  const { statusCode: status, headers, body } = answer;
  const problems = check({ method, url, status, headers, body });
  if (problems.length === 0) return;
  throw new Error(`${method} ${url} was answered ${status} ${body}, but ${problems.join(', and ')}.`);
}
