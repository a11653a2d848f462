import { type CheckedEvent, type DomainEvent, type Findings, placeOf } from '@openbank/eventsourcing';
import { isBankAccountCreated } from '../domain/account-events.ts';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import { type PersonAccountOpenedDomainEventV1, personAggregate } from '../domain/person.ts';

/** Looks whether an account is opened on its own stream and on its owner's in one commit. */
export interface Openings {
  see(event: CheckedEvent): void;
  endOfCommit(findings: Findings): void;
}

export function createOpenings(): Openings {
  /** By account and owner. */
  const opened = new Map<string, CheckedEvent>();
  const owned = new Map<string, CheckedEvent>();
  return {
    see(checked) {
      const { event, stream } = checked;
      if (isBankAccountCreated(event)) {
        const account = stream.slice(bankAccountAggregate.streamPrefix.length);
        opened.set(`${account} ${event.data.owner_id}`, checked);
      } else if (isAccountOpened(event)) {
        const owner = stream.slice(personAggregate.streamPrefix.length);
        owned.set(`${event.data.account_id} ${owner}`, checked);
      }
    },
    endOfCommit(findings) {
      if (opened.size === 0 && owned.size === 0) return;
      for (const [pair, place] of opened) {
        if (!owned.has(pair))
          findings.add('opening-torn', placeOf(place), 'its owner is not told in the same commit');
      }
      for (const [pair, place] of owned) {
        if (!opened.has(pair))
          findings.add('opening-torn', placeOf(place), 'the account is not opened in the same commit');
      }
      opened.clear();
      owned.clear();
    },
  };
}

function isAccountOpened(event: DomainEvent): event is PersonAccountOpenedDomainEventV1 {
  return event.type === 'PersonAccountOpenedDomainEventV1';
}
