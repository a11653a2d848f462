import type { Position, RecordedEvent } from '../../event.ts';
import type { EventPage, SubscriptionMessage } from '../../event-store/event-store.ts';

/** Takes messages from a subscription only as a test asks for them. */
export interface Listener {
  readonly pages: readonly EventPage[];
  readonly events: readonly RecordedEvent[];
  readonly positions: readonly Position[];
  /** Until it has said once more that it is caught up. */
  untilCaughtUp(): Promise<void>;
  /** Until it has delivered so many events in all. */
  untilEvents(count: number): Promise<void>;
  /** Until its scan has come to the position. */
  untilPosition(position: Position): Promise<void>;
  untilEnd(): Promise<void>;
}

export function createListener(subscription: AsyncIterable<SubscriptionMessage>): Listener {
  const messages = subscription[Symbol.asyncIterator]();
  const pages: EventPage[] = [];
  const events: RecordedEvent[] = [];
  const positions: Position[] = [];

  /** The next message; undefined at the end. */
  const next = async (): Promise<SubscriptionMessage | undefined> => {
    const result = await messages.next();
    if (result.done === true) return undefined;
    if (result.value.kind === 'page') {
      pages.push(result.value);
      events.push(...result.value.events);
      positions.push(result.value.position);
    }
    return result.value;
  };
  const until = async (reached: (message?: SubscriptionMessage) => boolean): Promise<void> => {
    let message: SubscriptionMessage | undefined;
    while (!reached(message)) {
      message = await next();
      if (message === undefined)
        throw new Error('The subscription has ended before the test had what it waits for.');
    }
  };

  return {
    pages,
    events,
    positions,
    untilCaughtUp: () => until((message) => message?.kind === 'caught-up'),
    untilEvents: (count) => until(() => events.length >= count),
    untilPosition: (position) => until(() => (positions.at(-1) ?? '') >= position),
    async untilEnd() {
      while ((await next()) !== undefined);
    },
  };
}
