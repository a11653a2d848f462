/** What became of one try of a call: an answer that has come whole, or none. */
export type Outcome =
  | { readonly kind: 'answered'; readonly response: Response; readonly body: string }
  | { readonly kind: 'unanswered'; readonly error: unknown };

/** Statuses after which the same call, with the same key, may be answered otherwise. */
const PASSING = new Set([429, 503]);

/** Whether it is worth trying again. A 409 is, where it says that others were faster; another 409 stays one. */
export function mayPass(outcome: Outcome): boolean {
  if (outcome.kind === 'unanswered') return true;
  const { response, body } = outcome;
  return PASSING.has(response.status) || (response.status === 409 && codeOf(body) === 'conflict');
}

/** Codes that say that this very try has recorded nothing. */
const NOTHING_RECORDED = new Set([
  'conflict',
  'overloaded',
  'storage-full',
  'store-unavailable',
  'read-model-behind',
]);

/** Whether this try may have been done by the bank, although it was not answered with 2xx. */
export function mayBeDone(outcome: Outcome): boolean {
  if (outcome.kind === 'unanswered') return !neverSent(outcome.error);
  const { response, body } = outcome;
  if (response.status < 500 || NOTHING_RECORDED.has(codeOf(body) ?? '')) return false;
  return true;
}

/**
 * Codes that the bank decides after it has looked up the key. All others may be given before: to a wrong token or address,
 * to what is malformed (`same-account` and `not-reversible` too), to a reversal whose transaction is not found. An erased
 * person (`person-erased`) is the answer to a repeat of what was done, too.
 */
const DECIDED_AFTER_THE_KEY = new Set([
  'idempotency-key-reused',
  'precondition-failed',
  'person-not-found',
  'account-not-found',
  'account-frozen',
  'account-closed',
  'account-not-frozen',
  'balance-not-zero',
  'balance-limit-exceeded',
  'birth-date-in-future',
  'currency-mismatch',
  'insufficient-funds',
  'interest-already-recorded',
  'already-reversed',
  'overdraft-limit-in-use',
  'overdraft-limit-too-high',
]);

/**
 * Whether it settles what became of earlier tries too: a refusal that the bank gives only after it has looked up the key
 * says that none of them was done, since the bank would have given its answer again.
 */
export function settles(outcome: Outcome): boolean {
  return outcome.kind === 'answered' && DECIDED_AFTER_THE_KEY.has(codeOf(outcome.body) ?? '');
}

const NO_CONNECTION = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether not even a connection was made. */
function neverSent(error: unknown): boolean {
  return error instanceof Error && NO_CONNECTION.has(reasonOf(error) ?? '');
}

/** Node's `fetch failed` has the reason as its cause: `ECONNREFUSED`, for example. */
export function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return reasonOf(error.cause);
}

function codeOf(body: string): string | undefined {
  try {
    const problem: unknown = JSON.parse(body);
    return typeof problem === 'object' && problem !== null && 'code' in problem
      ? String(problem.code)
      : undefined;
  } catch {
    return undefined;
  }
}
