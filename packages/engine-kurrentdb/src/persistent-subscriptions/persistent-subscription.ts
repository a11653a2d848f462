import {
  END,
  ErrorType,
  type Filter,
  type Position as KurrentPosition,
  persistentSubscriptionToAllSettingsFromDefaults,
  START,
  streamNameFilter,
} from '@kurrent/kurrentdb-client';
import type { Position } from '@openbank/eventsourcing';
import type { KurrentConnection } from '../connection/connect.ts';
import { misconfigured } from '../connection/misconfigured.ts';
import { isType, toReadError } from '../connection/store-error.ts';
import { within } from '../connection/within.ts';
import { toPlace } from '../events/position.ts';
import { consume } from './consume.ts';
import type { ConsumeOptions, Handler } from './delivery.ts';
import { type ParkedEvent, parkedEvents } from './parked.ts';

export interface PersistentSubscriptionOptions {
  /** Its name on the server. Consumers of the same name share the events. */
  readonly group: string;
  /** Only events of streams whose name starts with one of these: at least one. */
  readonly prefixes: readonly string[];
  /**
   * Where a new one begins: `start` delivers all that has ever happened, `end` what comes from now on, a position its event and
   * what comes after it. One that is there goes on where it is.
   */
  readonly startFrom: 'start' | 'end' | Position;
  /** Deliveries after the first until an event is parked. Default 10. */
  readonly maxRetries?: number;
  /** Milliseconds in which an event is handled; later, it is delivered again, perhaps to another consumer. Default 30,000. */
  readonly handleTimeout?: number;
}

/**
 * Events dealt out by the server among any number of consumers, for side effects that need no order: letters, pushes,
 * calls of other systems. Each event is delivered at least once, so that effects are made once by the event's id.
 */
export interface PersistentSubscription {
  /**
   * Handles events until the signal is aborted, and then those under way. Reconnects by itself.
   *
   * @throws EventSourcingError `store-misconfigured` - somebody has deleted it, or taken the rights away;
   *   `store-unavailable` - the connection was closed
   */
  consume(handle: Handler, options: ConsumeOptions): Promise<void>;
  /** What was given up, oldest first. */
  parked(): AsyncIterable<ParkedEvent>;
  /** Delivers parked events once more, the oldest so many; default: all. */
  replayParked(limit?: number): Promise<void>;
}

/**
 * Opens a persistent subscription, and makes it where there is none of that name. The options of one that is there stay as they
 * are: to change them, delete it and make another, which begins where that is told to begin.
 *
 * @throws EventSourcingError `store-unavailable`, `store-misconfigured`
 */
export async function openPersistentSubscription(
  { client, closed }: Pick<KurrentConnection, 'client' | 'closed'>,
  options: PersistentSubscriptionOptions,
): Promise<PersistentSubscription> {
  const { group, handleTimeout = 30_000 } = options;
  if (options.prefixes.length === 0) {
    throw misconfigured(
      `The persistent subscription ${group} needs prefixes: name the streams that it is about.`,
    );
  }
  const what = `make the persistent subscription ${group}`;
  await done(
    what,
    client.createPersistentSubscriptionToAll(group, settingsOf(options), { filter: filterOf(options) }),
  );
  return {
    consume: (handle, consuming) => consume({ client, closed, group, handleTimeout }, handle, consuming),
    parked: () => parkedEvents({ client, closed }, group),
    async replayParked(limit) {
      const bound = limit === undefined ? {} : { stopAt: limit };
      await done(`replay what ${group} has parked`, client.replayParkedMessagesToAll(group, bound));
    },
  };
}

function settingsOf({ startFrom, maxRetries = 10, handleTimeout = 30_000 }: PersistentSubscriptionOptions) {
  return persistentSubscriptionToAllSettingsFromDefaults({
    startFrom: beginningOf(startFrom),
    maxRetryCount: maxRetries,
    messageTimeout: handleTimeout,
  });
}

/** The server's own default would be the end. */
function beginningOf(startFrom: PersistentSubscriptionOptions['startFrom']) {
  if (startFrom === 'start') return START;
  if (startFrom === 'end') return END;
  const { commit, prepare } = toPlace(startFrom);
  const position: KurrentPosition = { commit: BigInt(commit), prepare: BigInt(prepare) };
  return position;
}

function filterOf({ prefixes }: PersistentSubscriptionOptions): Filter {
  return streamNameFilter({ prefixes: [...prefixes] });
}

async function done(what: string, work: Promise<void>): Promise<void> {
  try {
    await within(work, what, { timeout: 10_000 });
  } catch (error) {
    if (!isType(error, ErrorType.PERSISTENT_SUBSCRIPTION_EXISTS)) throw toReadError(error, what);
  }
}
