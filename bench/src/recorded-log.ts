import { hash, randomBytes, randomUUID } from 'node:crypto';
import { openSqliteEventStore, type SqliteEventStore } from '@openbank/engine-sqlite';
import type { EventStore, NewEvent } from '@openbank/eventsourcing';

const COMMIT = 500;

/** A log of the embedded engine: accounts are opened, then deposits go to them at random. */
export async function recordedLog(
  directory: string,
  events: number,
  accounts: number,
): Promise<SqliteEventStore> {
  const store = await openSqliteEventStore({ directory });
  await recordLog(store, events, accounts);
  return store;
}

/** The same in any engine's log. */
export async function recordLog(
  store: Pick<EventStore, 'append'>,
  events: number,
  accounts: number,
): Promise<void> {
  const ids = Array.from({ length: accounts }, () => randomUUID().replaceAll('-', ''));
  const revisions = new Map<string, number>();
  const opened = ids.values();
  for (let recorded = 0; recorded < events; ) {
    const streams = new Map<string, NewEvent>();
    while (streams.size < Math.min(COMMIT, accounts, events - recorded)) {
      const id = opened.next().value ?? ids[Math.floor(Math.random() * accounts)] ?? '';
      if (streams.has(id)) continue;
      streams.set(id, revisions.has(id) ? deposited(id, (revisions.get(id) ?? 0) + 1) : created());
    }
    await store.append({
      streams: [...streams].map(([id, event]) => append(id, event, revisions)),
      claims: [],
    });
    recorded += streams.size;
  }
}

function append(id: string, event: NewEvent, revisions: Map<string, number>) {
  const expected = revisions.get(id);
  revisions.set(id, (expected ?? -1) + 1);
  return { stream: `bank-account-${id}`, expected: expected ?? ('no-stream' as const), events: [event] };
}

let recordedAt = 1_790_000_000_000_000;

function newEvent(type: string, data: unknown): NewEvent {
  const id = randomUUID();
  const metadata = { actor: 'bench', aggregate_type: 'BankAccount', command_id: id, correlation_id: id };
  return {
    id,
    type,
    schemaVersion: 1,
    recordedAt: recordedAt++,
    data: JSON.stringify(data),
    metadata,
    link: hash('sha256', id, 'hex'),
  };
}

/** An account as the bank opens it. */
export function created(): NewEvent {
  const owner_id = randomUUID().replaceAll('-', '');
  const data = { owner_id, currency: 'USD', balance: '0.00', overdraft_limit: '0.00' };
  return newEvent('BankAccountCreatedDomainEventV1', data);
}

/** A deposit as the bank records it. */
export function deposited(account: string, revision: number): NewEvent {
  const id = randomUUID().replaceAll('-', '');
  return newEvent('BankAccountTransactionRecordedDomainEventV1', {
    transaction: { id, type: 'DEPOSIT', amount: '1.00', from_account_id: null, to_account_id: account },
    currency: 'USD',
    balance: `${revision}.00`,
    postings: [
      { account, amount: '1.00' },
      { account: 'cash', amount: '-1.00' },
    ],
    personal: { subject: account, cipher: randomBytes(60).toString('base64url') },
  });
}
