import type { components } from './generated/openapi.ts';

/** What the bank says of an error (RFC 9457). */
export type Problem = components['schemas']['Problem'];

export interface ErrorContext {
  /** The idempotency key that the call was sent with; undefined for a read. */
  readonly key: string | undefined;
  /** Whether it may have been done, although no answer says so. */
  readonly outcomeUnknown: boolean;
  readonly cause?: unknown;
}

type Said = Pick<Problem, 'code' | 'status' | 'detail' | 'errors' | 'resource_id' | 'instance'>;

/**
 * A call that was not answered with what was asked for. `code` is stable: those of the bank are explained in docs/http.md.
 * Two are the client's own: `no-answer`, where the bank was not reached or the answer was cut (status 0), and
 * `not-a-problem`, where something answered that is no OpenBank, such as a proxy.
 */
export class OpenBankError extends Error {
  override readonly name = 'OpenBankError';
  readonly code: string;
  /** Of HTTP; 0 where there was no answer. */
  readonly status: number;
  readonly detail: string;
  /** What is wrong with which part of the request; empty where that is not the matter. */
  readonly errors: NonNullable<Problem['errors']>;
  /** With `outcome-unknown`: the resource that was meant to be made. */
  readonly resource_id: string | undefined;
  /** Names this occurrence in the log of the bank. */
  readonly instance: string | undefined;
  /** The key that the call was sent with. The same call with this key is never done twice. */
  readonly key: string | undefined;
  /** Whether a write may have been recorded all the same: repeat it with `key` to know. */
  readonly outcomeUnknown: boolean;

  constructor(said: Said, { key, outcomeUnknown, cause }: ErrorContext) {
    super(said.detail, { cause });
    this.code = said.code;
    this.status = said.status;
    this.detail = said.detail;
    this.errors = said.errors ?? [];
    this.resource_id = said.resource_id;
    this.instance = said.instance;
    this.key = key;
    this.outcomeUnknown = outcomeUnknown;
  }
}

/** What an answer other than 2xx says. */
export function saidBy(status: number, body: string): Said {
  const problem = parsed(body);
  if (isProblem(problem)) return problem;
  return { code: 'not-a-problem', status, detail: `It was answered ${status}, in no words of OpenBank.` };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isProblem(body: unknown): body is Problem {
  if (typeof body !== 'object' || body === null) return false;
  if (!('code' in body && 'status' in body && 'detail' in body)) return false;
  return typeof body.code === 'string' && typeof body.status === 'number' && typeof body.detail === 'string';
}
