import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseArgs } from 'node:util';
import { openSqliteEventStore } from '@openbank/engine-sqlite';
import { CHAIN_START, type Commit, chainLink } from '@openbank/eventsourcing';
import { inRounds, table } from './rounds.ts';

// Appends of the embedded engine, many at once, against the floor: what bare `node:sqlite` does with one append-only
// table, the same events, groups of the same size and the same sync. Runs alternate; the figure is a ratio of medians.
//
//   node src/append-floor.ts [--hot] [--appends 30000] [--concurrency 64] [--rounds 3] [--directory /somewhere]

const { values } = parseArgs({
  options: {
    hot: { type: 'boolean', default: false },
    appends: { type: 'string', default: '30000' },
    concurrency: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' },
    directory: { type: 'string', default: tmpdir() },
  },
});
const appends = Number(values.appends);
const concurrency = Number(values.concurrency);
const accounts = values.hot ? 1 : 1000;

interface Account {
  readonly stream: string;
  link: string;
  revision: number;
}

function createAccounts(): readonly Account[] {
  return Array.from({ length: accounts }, () => ({
    stream: `bank-account-${randomUUID()}`,
    link: CHAIN_START,
    revision: -1,
  }));
}

/** A deposit as the bank records it, its description encrypted. */
function deposit(account: Account, recordedAt: number) {
  const id = randomUUID();
  const data = JSON.stringify({
    transaction_id: id,
    amount: '100.00',
    balance: '1000.00',
    currency: 'EUR',
    personal: { subject: account.stream, cipher: 'c'.repeat(80) },
  });
  const metadata = {
    actor: 'anonymous',
    aggregate_id: account.stream,
    aggregate_type: 'BankAccount',
    causation_id: id,
    command_id: id,
    command_index: '0',
    commit_id: id,
    commit_index: '0',
    commit_size: '1',
    correlation_id: id,
  };
  return { id, type: 'MoneyDeposited', schemaVersion: 1, recordedAt, data, metadata };
}

function commitOf(account: Account, recordedAt: number): Commit {
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

async function engine(directory: string): Promise<number> {
  const store = await openSqliteEventStore({ directory });
  const all = createAccounts();
  let recordedAt = Date.now() * 1000;
  let started = 0;
  const begin = performance.now();
  const client = async () => {
    while (started < appends) {
      const account = all[started++ % all.length];
      if (account !== undefined) await store.append(commitOf(account, recordedAt++));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  const perSecond = (appends / (performance.now() - begin)) * 1000;
  await store.close();
  return perSecond;
}

/** Column by column, without looking at anything: `wide` also stores what the engine keeps beside an event. */
async function floor(directory: string, wide: boolean): Promise<number> {
  const database = new DatabaseSync(join(directory, 'floor.db'));
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE events (
      position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, type TEXT NOT NULL,
      id TEXT NOT NULL, recorded_at INTEGER NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL,
      link TEXT, claims TEXT
    ) STRICT;
  `);
  const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const all = createAccounts();
  let recordedAt = Date.now() * 1000;
  const begin = performance.now();
  for (let done = 0; done < appends; done += concurrency) {
    database.exec('BEGIN IMMEDIATE');
    for (let i = done; i < done + concurrency; i++) {
      const account = all[i % all.length];
      if (account === undefined) continue;
      const { id, type, data, metadata } = deposit(account, recordedAt++);
      account.revision++;
      const beside = wide
        ? [CHAIN_START, `${account.stream}${id}${CHAIN_START}${account.stream}`]
        : [null, null];
      const event = [account.stream, account.revision, type, id, recordedAt, data, JSON.stringify(metadata)];
      insert.run(i + 1, ...event, ...beside);
    }
    database.exec('COMMIT');
  }
  const perSecond = (appends / (performance.now() - begin)) * 1000;
  database.close();
  return perSecond;
}

async function inDirectory(run: (directory: string) => Promise<number>): Promise<number> {
  const directory = mkdtempSync(join(values.directory, 'openbank-bench-'));
  try {
    return await run(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const figures = await inRounds(Number(values.rounds), {
  floor: () => inDirectory((directory) => floor(directory, false)),
  'floor with link and claim': () => inDirectory((directory) => floor(directory, true)),
  engine: () => inDirectory(engine),
});
console.log(
  `Durable appends, ${concurrency} at once, ${values.hot ? 'one hot stream' : `${accounts} streams`}:\n`,
);
console.log(table(figures, 'floor'));
