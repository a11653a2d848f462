import { setTimeout as delay } from 'node:timers/promises';
import {
  type EventSourcingError,
  follow,
  hasCode,
  type Position,
  type SubscribeOptions,
  type SubscriptionMessage,
} from '@openbank/eventsourcing';
import { type LogSource, logPages } from './log-pages.ts';
import { subscriptionRequest } from './read-request.ts';
import { readFrom, type Source } from './source.ts';

/**
 * The port's `subscribe`: reads to the head, several times as fast as the server's subscriptions are, and at the head waits for
 * one of them to tell that there is more. So positions come from reading alone, in one order with their events, and under load
 * events come in pages.
 *
 * @throws EventSourcingError `store-unavailable` - the store was closed; other codes - it fails in a way that waiting does
 *   not mend
 */
export async function* subscription(
  source: LogSource,
  options: SubscribeOptions = {},
): AsyncGenerator<SubscriptionMessage, void, undefined> {
  const { signal, prefixes } = options;
  let after = options.after;
  const backOff = createBackOff();
  while (!signal?.aborted) {
    try {
      const from = { ...(after !== undefined && { after }), ...(prefixes !== undefined && { prefixes }) };
      for await (const message of follow(followSource(source, signal), {
        ...from,
        ...(signal && { signal }),
      })) {
        if (message.kind === 'page') after = message.position;
        backOff.reset();
        yield message;
      }
      return;
    } catch (error) {
      if (signal?.aborted) return;
      if (source.closed.aborted || !mayPass(error)) throw error;
      await backOff.wait(error, signal);
    }
  }
}

function followSource(source: LogSource, signal: AbortSignal | undefined) {
  return {
    readAll: (read: { readonly after?: Position }) => logPages(source, read, signal),
    waitForHead: (after: Position | undefined) => nextEvent(source, after, signal),
  };
}

/** Until there is an event after the position, or nothing was heard for so long that it is better to look. */
async function nextEvent(
  source: Source,
  after: Position | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const reading = { what: 'follow the log', deadline: source.timeouts.wait, signal };
  try {
    await readFrom(source, subscriptionRequest(after), reading, (message) => !message.hasEvent());
  } catch (error) {
    if (signal?.aborted) return;
    if (causeCode(error) !== DEADLINE_EXCEEDED) throw error;
  }
}

/** A store that cannot be reached may come back. */
function mayPass(error: unknown): error is EventSourcingError {
  return hasCode(error, 'store-unavailable');
}

/** Pauses that grow from a tenth of a second to ten, each by chance between half and all of that. */
function createBackOff() {
  let failures = 0;
  let doubtful = 0;
  return {
    reset() {
      failures = 0;
      doubtful = 0;
    },
    /** @throws the error - it is of a kind that may be for good, and has come too often in a row */
    async wait(error: EventSourcingError, signal: AbortSignal | undefined): Promise<void> {
      doubtful = causeCode(error) === UNKNOWN ? doubtful + 1 : 0;
      if (doubtful > DOUBTFUL_TRIES) throw error;
      const pause = Math.min(FIRST_PAUSE_MS * 2 ** failures++, LONGEST_PAUSE_MS);
      await delay(pause * (0.5 + Math.random() / 2), undefined, signal && { signal }).catch(() => undefined);
    },
  };
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** Wrong arguments and faults of the server's own come as errors of no kind: some of them pass, others never do. */
const DOUBTFUL_TRIES = 5;

/** Status codes of gRPC. */
const UNKNOWN = 2;
const DEADLINE_EXCEEDED = 4;

/** The status code that the server, or the connection, has given. */
function causeCode(error: unknown): number | undefined {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'number' ? cause.code : undefined;
}
