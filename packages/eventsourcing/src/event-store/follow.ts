import type { Position } from '../event.ts';
import type { EventPage, ReadAllOptions, SubscribeOptions, SubscriptionMessage } from './event-store.ts';

/** What a subscription is made of, in any thread that can read the log. */
export interface FollowSource {
  /** As the port's `readAll`. */
  readAll(options: ReadAllOptions): AsyncIterable<EventPage>;
  /**
   * Resolves when there is something durable after the position, at once if there is already, and when the signal is
   * aborted. Rejects when the log cannot be followed any more, for example with `store-unavailable` when it is closed.
   */
  waitForHead(after: Position | undefined, signal: AbortSignal | undefined): Promise<void>;
}

/** The port's `subscribe`: reads to the head, says that it is caught up, waits for the head to move, and so on. */
export async function* follow(
  source: FollowSource,
  { after, prefixes, signal }: SubscribeOptions = {},
): AsyncGenerator<SubscriptionMessage, void, undefined> {
  let position = after;
  while (!signal?.aborted) {
    for await (const page of source.readAll(pagesAfter(position, prefixes))) {
      if (signal?.aborted) return;
      yield { kind: 'page', events: page.events, position: page.position };
      position = page.position;
    }
    if (signal?.aborted) return;
    yield { kind: 'caught-up' };
    await source.waitForHead(position, signal);
  }
}

function pagesAfter(after: Position | undefined, prefixes: readonly string[] | undefined): ReadAllOptions {
  return { ...(after !== undefined && { after }), ...(prefixes !== undefined && { prefixes }) };
}
