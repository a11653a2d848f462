import type { Claim, EventReader } from '../event-store/event-store.ts';
import type { Vault } from '../personal-data/vault.ts';
import { claimedEvents } from './claimed-events.ts';
import type { Executed } from './command.ts';
import { IdempotencyKeyReused } from './errors.ts';
import type { PendingCommand } from './pending-command.ts';

/**
 * The first answer again, rebuilt from the events that the claim on the command's key points at.
 *
 * @throws IdempotencyKeyReused - the claim belongs to another request
 */
export async function repeatedAnswer(
  store: EventReader,
  vault: Vault,
  { context, execution }: PendingCommand,
  claim: Claim,
): Promise<Executed<unknown>> {
  if (claim.requestHash !== context.idempotency?.requestHash) throw new IdempotencyKeyReused();
  const aggregates = execution.on.map(({ aggregate }) => aggregate);
  const { events, position } = await claimedEvents({ store, vault, aggregates }, claim);
  return {
    answer: execution.answer(events),
    position,
    revision: claim.events[0]?.last ?? -1,
    replayed: true,
  };
}
