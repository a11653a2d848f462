import { type Aggregate, type DomainEvent, decodeEvent, type RecordedEvent } from '@openbank/eventsourcing';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import { personAggregate } from '../domain/person.ts';

/** For tests: an account as the log leaves it, and how many open accounts its owner has. */
export function finalState(events: readonly RecordedEvent[], accountId: string) {
  const account = folded(bankAccountAggregate, accountId, events);
  if (!account.exists) throw new Error('The account was not opened.');
  const owner = folded(personAggregate, account.ownerId, events);
  const { balance, overdraftLimit, status } = account;
  const openAccounts = owner.registered ? owner.openAccounts : 0;
  return { balance: String(balance), overdraftLimit: String(overdraftLimit), status, openAccounts };
}

function folded<State>(
  { streamPrefix, initialState, evolve }: Aggregate<State, DomainEvent>,
  id: string,
  events: readonly RecordedEvent[],
): State {
  return events
    .filter(({ stream }) => stream === streamPrefix + id)
    .reduce((state, event) => evolve(state, decodeEvent(event)), initialState);
}
