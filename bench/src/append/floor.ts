import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CHAIN_START } from '@openbank/eventsourcing';
import { createAccounts, deposit } from './deposits.ts';

export interface AppendOptions {
  readonly directory: string;
  readonly appends: number;
  /** At once; of the floor: events of one transaction. */
  readonly concurrency: number;
  /** Streams. */
  readonly accounts: number;
}

export interface FloorOptions extends AppendOptions {
  /** Also stores what the engine keeps beside an event: a link and a claim. */
  readonly wide?: boolean;
}

/** Durable appends per second of bare `node:sqlite`: column by column, without looking at anything. */
export function floor(options: FloorOptions): number {
  const { directory, appends, concurrency, accounts, wide = false } = options;
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
  const all = createAccounts(accounts);
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
