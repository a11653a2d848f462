import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventReader, RecordedEvent } from '@openbank/eventsourcing';

/**
 * The least that keeps two read models of the log in SQLite: fold in a map, write each account once in 10,000 events
 * and each line as JSON. No guard, no checkpoint of its own for each model, nothing checked.
 */
export async function projectByHand(reader: EventReader, directory: string): Promise<void> {
  const database = new DatabaseSync(join(directory, 'floor.db'));
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -64000;
    PRAGMA wal_autocheckpoint = 20000;
    CREATE TABLE accounts (id TEXT PRIMARY KEY, document TEXT);
    CREATE TABLE lines (id TEXT PRIMARY KEY, document TEXT);
    CREATE TABLE checkpoint (id INTEGER PRIMARY KEY, position TEXT);
  `);
  const account = database.prepare('INSERT OR REPLACE INTO accounts VALUES (?, ?)');
  const line = database.prepare('INSERT INTO lines VALUES (?, ?)');
  const checkpoint = database.prepare('INSERT OR REPLACE INTO checkpoint VALUES (1, ?)');
  const balances = new Map<string, bigint>();
  let dirty = new Set<string>();
  let batch: RecordedEvent[] = [];

  function write(): void {
    database.exec('BEGIN');
    for (const { stream, revision, data } of batch) {
      const { transaction, balance } = JSON.parse(data);
      balances.set(stream, BigInt(balance.replace('.', '')));
      dirty.add(stream);
      if (transaction) line.run(`${stream}@${revision}`, JSON.stringify({ ...transaction, balance }));
    }
    for (const id of dirty) account.run(id, JSON.stringify({ id, balance: String(balances.get(id)) }));
    checkpoint.run(batch.at(-1)?.position ?? '');
    database.exec('COMMIT');
    batch = [];
    dirty = new Set();
  }

  for await (const { events } of reader.readAll()) {
    batch.push(...events);
    if (batch.length >= 10_000) write();
  }
  write();
  database.close();
}
