import {
  type EventSourcingError,
  follow,
  hasCode,
  type Position,
  type ReadAllOptions,
  type SubscribeOptions,
  type SubscriptionMessage,
} from '@openbank/eventsourcing';
import { subscriptionEnded } from '../connection/store-error.ts';
import { createBackOff, hasHeardNothing, pauseFor } from './back-off.ts';
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
  const { signal } = options;
  const backOff = createBackOff();
  const ended = AbortSignal.any([source.closed, ...(signal ? [signal] : [])]);
  let reached: Pick<SubscribeOptions, 'after'> = {};
  while (!signal?.aborted) {
    try {
      for await (const message of follow(followSource(source, signal), { ...options, ...reached })) {
        if (message.kind === 'page') {
          reached = { after: message.position };
          backOff.progress();
        }
        yield message;
      }
      return;
    } catch (error) {
      if (signal?.aborted) return;
      if (source.closed.aborted || !mayPass(error)) throw error;
      await pauseFor(backOff.pause(error), ended);
    }
  }
}

function followSource(source: LogSource, signal: AbortSignal | undefined) {
  return {
    readAll: (read: ReadAllOptions) => logPages(source, read, signal),
    waitForHead: (after: Position | undefined) => nextEvent(source, after, signal),
  };
}

/** Until there is an event after the position, or nothing was heard for so long that it is better to look. */
async function nextEvent(
  source: Source,
  after: Position | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  let isThere = false;
  const reading = { what: 'follow the log', deadline: source.timeouts.wait, signal };
  try {
    await readFrom(source, subscriptionRequest(after), reading, (message) => {
      isThere = message.hasEvent();
      return !isThere;
    });
  } catch (error) {
    if (signal?.aborted || hasHeardNothing(error)) return;
    throw error;
  }
  if (!isThere) throw subscriptionEnded();
}

/** A store that cannot be reached may come back. */
function mayPass(error: unknown): error is EventSourcingError {
  return hasCode(error, 'store-unavailable');
}
