import { setTimeout as delay } from 'node:timers/promises';
import { ErrorType } from '@kurrent/kurrentdb-client';
import { hasCode } from '@openbank/eventsourcing';
import { misconfigured } from '../connection/misconfigured.ts';
import { isType, subscriptionEnded, toReadError } from '../connection/store-error.ts';
import type { ConsumeOptions, Group, Handler } from './delivery.ts';
import { receive } from './receive.ts';

/** Connects again and again, waiting longer after each failure, until it is told to end. */
export async function consume(group: Group, handle: Handler, options: ConsumeOptions): Promise<void> {
  const { signal, onOutage } = options;
  for (let pause = FIRST_PAUSE_MS; !signal.aborted; ) {
    const began = performance.now();
    try {
      await receive(group, handle, options);
      if (!signal.aborted) throw subscriptionEnded();
    } catch (failure) {
      group.closed.throwIfAborted();
      const error = toError(failure, group);
      if (hasCode(error, 'store-misconfigured')) throw error;
      onOutage?.(error);
      // What went well for long counts anew.
      pause = performance.now() - began > LONGEST_PAUSE_MS ? FIRST_PAUSE_MS : pause * 2;
      const jittered = Math.min(pause, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
      await delay(jittered, undefined, { signal: AbortSignal.any([signal, group.closed]) }).catch(() => {});
    }
  }
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 10_000;

/** One that was deleted is not made again: from its start, it would repeat all side effects there ever were. */
function toError(failure: unknown, { group }: Group): Error {
  const error = toReadError(failure, `consume the persistent subscription ${group}`);
  if (!isType(error.cause, ErrorType.PERSISTENT_SUBSCRIPTION_DOES_NOT_EXIST)) return error;
  const message = `Somebody has deleted the persistent subscription ${group}: open it again, with the place where it is to begin.`;
  return misconfigured(message, { cause: failure });
}
