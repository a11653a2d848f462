import { randomUUID } from 'node:crypto';
import { CHAIN_START, type Commit, chainLink } from '@openbank/eventsourcing';

/** A stream that is deposited to. */
export interface Account {
  readonly stream: string;
  link: string;
  revision: number;
}

export function createAccounts(count: number): readonly Account[] {
  return Array.from({ length: count }, () => ({
    stream: `bank-account-${randomUUID()}`,
    link: CHAIN_START,
    revision: -1,
  }));
}

/** What a deposit's event says, its description encrypted. */
export function depositData(subject: string, id: string) {
  return {
    transaction_id: id,
    amount: '100.00',
    balance: '1000.00',
    currency: 'EUR',
    description: { subject, cipher: 'c'.repeat(80) },
  };
}

/** What the kit records beside it. */
export function depositMetadata(stream: string, id: string) {
  return {
    actor: 'anonymous',
    aggregate_id: stream,
    aggregate_type: 'BankAccount',
    causation_id: id,
    command_id: id,
    command_index: '0',
    commit_id: id,
    commit_index: '0',
    commit_size: '1',
    correlation_id: id,
  };
}

/** A deposit as the bank records it. */
export function deposit(account: Account, recordedAt: number) {
  const id = randomUUID();
  const data = JSON.stringify(depositData(account.stream, id));
  const metadata = depositMetadata(account.stream, id);
  return { id, type: 'MoneyDeposited', schemaVersion: 1, recordedAt, data, metadata };
}

/** The commit of a deposit with a claim, as the repository would make it. */
export function commitOf(account: Account, recordedAt: number): Commit {
  const { stream, revision } = account;
  const event = deposit(account, recordedAt);
  const next = revision + 1;
  const link = chainLink(account.link, stream, next, event);
  account.link = link;
  account.revision = next;
  const claim = {
    name: `idempotency/anonymous/${event.id}`,
    requestHash: link,
    events: [{ stream, first: next, last: next }],
  };
  const expected = next === 0 ? 'no-stream' : revision;
  return { streams: [{ stream, expected, events: [{ ...event, link }] }], claims: [claim] };
}
