import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { PROBLEM_MEDIA_TYPE, ProblemError } from './problem.ts';
import { problemOf } from './problem-of.ts';
import { createStoreLog } from './store-log.ts';

/** Makes of an error what the caller is told. What is a fault of ours is logged, and the caller told only its name. */
export function createProblems(log: Logger): (error: unknown) => ProblemError {
  const logStore = createStoreLog(log);
  return (error) => {
    logStore(error);
    return problemOf(error) ?? fault(error, log);
  };
}

export function replyProblem(problem: ProblemError, reply: FastifyReply): void {
  void reply
    .code(problem.status)
    .headers({ ...problem.extras.headers })
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problem.toProblem()));
}

function fault(error: unknown, log: Logger): ProblemError {
  const instance = `urn:uuid:${crypto.randomUUID()}`;
  log.error({ err: error, instance }, 'a request failed');
  return new ProblemError(
    500,
    'internal-error',
    'The bank failed at this request; repeat it with the same idempotency key. The operator finds the cause in the log.',
    { instance },
  );
}
