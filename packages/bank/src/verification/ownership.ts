import { type CheckedEvent, type DomainEvent, type Findings, placeOf } from '@openbank/eventsourcing';
import {
  type BankAccountClosedDomainEventV1,
  type BankAccountCreatedDomainEventV1,
  isBankAccountCreated,
} from '../domain/account-events.ts';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import {
  type PersonAccountClosedDomainEventV1,
  type PersonAccountOpenedDomainEventV1,
  personAggregate,
} from '../domain/person.ts';

/**
 * Looks whether an account is opened, and closed, on its own stream and on its owner's in one commit, and whether its
 * owner counts right. Some 100 bytes for each owner.
 */
export interface Ownership {
  see(event: CheckedEvent, findings: Findings): void;
  endOfCommit(findings: Findings): void;
}

export function createOwnership(): Ownership {
  const openings = createHalves('opening-torn', 'opened');
  const closings = createHalves('closing-torn', 'closed');
  const counts = createCounts();
  return {
    see(checked, findings) {
      const { event, stream } = checked;
      if (isOfAccount(event)) {
        const account = stream.slice(bankAccountAggregate.streamPrefix.length);
        const halves = isBankAccountCreated(event) ? openings : closings;
        halves.account(`${account} ${event.data.owner_id}`, checked);
      } else if (isOfOwner(event)) {
        const owner = stream.slice(personAggregate.streamPrefix.length);
        const halves = event.type === 'PersonAccountOpenedDomainEventV1' ? openings : closings;
        halves.owner(`${event.data.account_id} ${owner}`, checked);
        counts.see(owner, event, checked, findings);
      }
    },
    endOfCommit(findings) {
      openings.endOfCommit(findings);
      closings.endOfCommit(findings);
    },
  };
}

/** What has to be said on two streams in one commit, by account and owner. */
function createHalves(kind: string, done: string) {
  const ofAccounts = new Map<string, CheckedEvent>();
  const ofOwners = new Map<string, CheckedEvent>();
  return {
    account: (pair: string, place: CheckedEvent) => ofAccounts.set(pair, place),
    owner: (pair: string, place: CheckedEvent) => ofOwners.set(pair, place),
    endOfCommit(findings: Findings): void {
      if (ofAccounts.size === 0 && ofOwners.size === 0) return;
      for (const [pair, place] of ofAccounts) {
        if (!ofOwners.has(pair))
          findings.add(kind, placeOf(place), 'its owner is not told in the same commit');
      }
      for (const [pair, place] of ofOwners) {
        if (!ofAccounts.has(pair))
          findings.add(kind, placeOf(place), `the account is not ${done} in the same commit`);
      }
      ofAccounts.clear();
      ofOwners.clear();
    },
  };
}

/** How many accounts of each person are open, as its own events say. */
function createCounts() {
  const counts = new Map<string, number>();
  return {
    see(owner: string, { type, data }: OfOwner, place: CheckedEvent, findings: Findings): void {
      const expected = (counts.get(owner) ?? 0) + (type === 'PersonAccountOpenedDomainEventV1' ? 1 : -1);
      counts.set(owner, data.accounts);
      if (data.accounts === expected) return;
      const what = `it counts ${data.accounts} open accounts, after the event before it are ${expected}`;
      findings.add('account-count-wrong', placeOf(place), what);
    },
  };
}

type OfAccount = BankAccountCreatedDomainEventV1 | BankAccountClosedDomainEventV1;
type OfOwner = PersonAccountOpenedDomainEventV1 | PersonAccountClosedDomainEventV1;

function isOfAccount(event: DomainEvent): event is OfAccount {
  return isBankAccountCreated(event) || event.type === 'BankAccountClosedDomainEventV1';
}

function isOfOwner(event: DomainEvent): event is OfOwner {
  return (
    event.type === 'PersonAccountOpenedDomainEventV1' || event.type === 'PersonAccountClosedDomainEventV1'
  );
}
