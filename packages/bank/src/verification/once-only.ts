import { hash } from 'node:crypto';
import { type CheckedEvent, createFingerprints, type Findings, placeOf } from '@openbank/eventsourcing';
import {
  type BankAccountTransactionRecordedDomainEventV1,
  isLeadingEntry,
  type TransactionFacts,
} from '../domain/transaction.ts';

/**
 * Looks whether each reversal is the mirror of a transaction that was recorded before it, and whether what is done once
 * was: a reversal of each transaction, and interest on each account for each period. Of every transaction it keeps a
 * fingerprint, of a reversal and an interest another one: between 11 and 23 bytes each (see `createFingerprints`).
 */
export interface OnceOnly {
  see(event: BankAccountTransactionRecordedDomainEventV1, place: CheckedEvent, findings: Findings): void;
}

export function createOnceOnly(): OnceOnly {
  const names = createFingerprints(0);

  /** Whether the name was not there before; now it is. */
  function isNew(...name: readonly (string | null | undefined)[]): boolean {
    const digest = hash('sha256', JSON.stringify(name), 'buffer');
    return names.add(digest.readUInt32LE(0), digest.readUInt32LE(4));
  }

  return {
    see(event, place, findings) {
      if (!isLeadingEntry(event)) return;
      const { transaction, currency, postings } = event.data;
      const against = postings[1].account;
      const report = (kind: string, what: string) => findings.add(kind, placeOf(place), what);
      const { type, reverses, to_account_id: account, period } = transaction;
      if (type !== 'REVERSAL') isNew('recorded', ...facts(transaction, currency, against));
      else {
        if (isNew('recorded', ...facts(mirrored(transaction), currency, against)))
          report('reversal-wrong', 'no transaction before it is what it reverses, the other way round');
        if (!isNew('reversed', reverses))
          report('reversal-repeated', 'the transaction that it reverses was reversed before');
      }
      if (type === 'INTEREST' && !isNew('interest', account, period))
        report('interest-repeated', `interest for ${period} was paid to its account before`);
    },
  };
}

/** The transaction that a reversal takes back, as far as it tells. */
function mirrored({ reverses = '', amount, ...reversal }: TransactionFacts) {
  const { from_account_id: from, to_account_id: to } = reversal;
  return { id: reverses, amount, from_account_id: to, to_account_id: from };
}

function facts(transaction: ReturnType<typeof mirrored>, currency: string, against: string) {
  const { id, amount, from_account_id: from, to_account_id: to } = transaction;
  return [id, currency, amount, from, to, against];
}
