import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  getSQLiteEventStore,
  type SQLiteConnection,
  type SQLiteConnectionPool,
  sqliteConnection,
} from '@event-driven-io/emmett-sqlite';
import { atOnce } from './at-once.ts';
import { createAccounts, depositData, depositMetadata } from './deposits.ts';
import type { AppendOptions } from './floor.ts';

/**
 * Durable appends per second of Emmett's SQLite store, with the payload of the others and no idempotency key. WAL is
 * what it sets itself; a sync for each commit is SQLite's own default, and asserted here.
 */
export async function emmett({ directory, appends, concurrency, accounts }: AppendOptions): Promise<number> {
  const fileName = join(directory, 'emmett.db');
  const connection = withPlainParameters(sqliteConnection({ fileName }));
  // It sets WAL without waiting for it, and fails for good where a transaction begins before.
  await sleep(200);
  await assertDurable(connection);
  const store = getSQLiteEventStore({ fileName, pool: oneAtATime(connection) });
  await store.schema.migrate();
  const all = createAccounts(accounts);
  const perSecond = await atOnce({ appends, concurrency }, async (at) => {
    const { stream } = all[at % all.length] ?? { stream: '' };
    const id = randomUUID();
    const metadata = depositMetadata(stream, id);
    await store.appendToStream(stream, [{ type: 'MoneyDeposited', data: depositData(stream, id), metadata }]);
  });
  connection.close();
  return perSecond;
}

async function assertDurable(connection: SQLiteConnection): Promise<void> {
  const journal = await connection.querySingle<{ journal_mode: string }>('PRAGMA journal_mode');
  const sync = await connection.querySingle<{ synchronous: number }>('PRAGMA synchronous');
  if (journal?.journal_mode === 'wal' && sync?.synchronous === 2) return;
  throw new Error(
    'Emmett no longer writes with WAL and a sync for each commit: the comparison would be unfair.',
  );
}

/**
 * Its own pool opens a connection for each call and lets them compete for the one lock that there is: with 64 calls at
 * once all but a few fail with SQLITE_BUSY, and one by one it is about a third as fast. So it gets a connection that
 * stays open, for one call after the other.
 */
function oneAtATime(connection: SQLiteConnection): SQLiteConnectionPool {
  let last: Promise<unknown> = Promise.resolve();
  return {
    connection: async () => connection,
    withConnection(handler) {
      const result = last.then(() => handler(connection));
      last = result.catch(() => undefined);
      return result;
    },
    close: async () => undefined,
  };
}

/** Emmett binds an object as a parameter, which its usual driver made text of and this one refuses. */
function withPlainParameters(connection: SQLiteConnection): SQLiteConnection {
  const plain = (parameters: Parameters<SQLiteConnection['command']>[1]) =>
    parameters?.map((each) => (typeof each === 'object' && each !== null ? String(each) : each));
  return {
    ...connection,
    command: (sql, parameters) => connection.command(sql, plain(parameters)),
    query: (sql, parameters) => connection.query(sql, plain(parameters)),
    querySingle: (sql, parameters) => connection.querySingle(sql, plain(parameters)),
  };
}
