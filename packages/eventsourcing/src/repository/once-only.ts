import { EventSourcingError } from '../errors.ts';
import { ClaimTaken } from '../event-store/errors.ts';
import type { Claim, EventStore } from '../event-store/event-store.ts';
import { PreconditionFailed } from './errors.ts';
import type { PendingCommand } from './pending-command.ts';

/**
 * What a command is refused with that breaks a rule of its domain: where something that it may do only once was done, that
 * is told, whatever else forbids it by now. Faults and failed preconditions stay what they are.
 */
export async function asDoneBefore(
  store: Pick<EventStore, 'claim'>,
  { execution }: PendingCommand,
  refusal: unknown,
): Promise<unknown> {
  if (refusal instanceof EventSourcingError || refusal instanceof PreconditionFailed) return refusal;
  for (const { claim, taken } of execution.claims ?? [])
    if ((await store.claim(claim)) !== undefined) return taken();
  return refusal;
}

/** The command's own refusal where another one has taken a name that it wants. */
export function onceOnlyRefusal({ execution }: PendingCommand, claim: Claim): Error {
  const onceOnly = execution.claims?.find((each) => each.claim === claim.name);
  return onceOnly?.taken() ?? new ClaimTaken(claim);
}
