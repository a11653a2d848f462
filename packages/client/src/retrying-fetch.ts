import { OpenBankError, saidBy } from './open-bank-error.ts';
import { mayBeDone, mayPass, type Outcome, reasonOf, settles } from './outcome.ts';
import { pauseBefore } from './pause.ts';

export interface Patience {
  /** How often a call is tried again at most. */
  readonly retries: number;
  /** Milliseconds after which no further try begins. */
  readonly patience: number;
  /** Milliseconds that one try may take. */
  readonly timeout: number;
}

/** The world around it, which tests replace. */
export interface Surroundings {
  readonly fetch: typeof globalThis.fetch;
  now(): number;
  random(): number;
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const SURROUNDINGS: Surroundings = {
  fetch: (...call) => globalThis.fetch(...call),
  now: () => performance.now(),
  random: Math.random,
  sleep,
};

/**
 * Sends a request, and sends it again where that may help: after no answer, a 503, a 429 or a `conflict`. A write has to
 * carry an idempotency key, so that it is done once.
 *
 * @throws OpenBankError - what it was answered, or `no-answer`
 * @throws the reason of the request's signal, where that is aborted
 */
export function createRetryingFetch(
  { retries, patience, timeout }: Patience,
  { fetch, now, random, sleep }: Surroundings,
): (request: Request) => Promise<Response> {
  async function tryOnce(request: Request): Promise<Outcome> {
    try {
      const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeout)]);
      const response = await fetch(request.clone(), { signal });
      // Read here, so that an answer that is cut counts as none.
      return { kind: 'answered', response, body: await response.text() };
    } catch (error) {
      request.signal.throwIfAborted();
      return { kind: 'unanswered', error };
    }
  }

  return async (request) => {
    const end = now() + patience;
    let doubtful = false;
    for (let tried = 0; ; tried++) {
      const outcome = await tryOnce(request);
      if (outcome.kind === 'answered' && outcome.response.ok) return whole(outcome.response, outcome.body);
      doubtful = !settles(outcome) && (doubtful || mayBeDone(outcome));
      const pause = pauseBefore(tried, responseOf(outcome), random());
      if (!mayPass(outcome) || tried >= retries || now() + pause > end)
        throw errorOf(request, outcome, doubtful);
      await sleep(pause, request.signal);
    }
  };
}

function responseOf(outcome: Outcome): Response | undefined {
  return outcome.kind === 'answered' ? outcome.response : undefined;
}

/** The answer with its body at hand. */
function whole({ status, statusText, headers }: Response, body: string): Response {
  return new Response(body, { status, statusText, headers });
}

function errorOf(request: Request, outcome: Outcome, doubtful: boolean): OpenBankError {
  const key = request.headers.get('Idempotency-Key') ?? undefined;
  const context = { key, outcomeUnknown: key !== undefined && doubtful };
  if (outcome.kind === 'answered') {
    return new OpenBankError(saidBy(outcome.response.status, outcome.body), context);
  }
  const { error } = outcome;
  const reason = reasonOf(error) ?? (error instanceof Error ? error.message : String(error));
  const detail = `No answer came from ${new URL(request.url).origin} (${reason}).`;
  return new OpenBankError({ code: 'no-answer', status: 0, detail }, { ...context, cause: error });
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(ended, milliseconds);
    signal.addEventListener('abort', ended);
    function ended(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', ended);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    }
  });
}
