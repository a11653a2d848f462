import { ClaimTaken } from '../event-store/errors.ts';
import type { Claim, EventStore } from '../event-store/event-store.ts';
import type { PendingCommand } from './pending-command.ts';

/**
 * The command's own refusal where something that it may do only once was done, be it by now refused for another reason
 * too; undefined where nothing of that was done.
 */
export async function doneBefore(
  store: Pick<EventStore, 'claim'>,
  { execution }: PendingCommand,
): Promise<Error | undefined> {
  for (const { claim, taken } of execution.claims ?? [])
    if ((await store.claim(claim)) !== undefined) return taken();
  return undefined;
}

/** The command's own refusal where another one has taken a name that it wants. */
export function onceOnlyRefusal({ execution }: PendingCommand, claim: Claim): Error {
  const onceOnly = execution.claims?.find((each) => each.claim === claim.name);
  return onceOnly?.taken() ?? new ClaimTaken(claim);
}
