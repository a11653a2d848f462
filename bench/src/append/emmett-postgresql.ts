import { randomUUID } from 'node:crypto';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import { atOnce } from './at-once.ts';
import { createAccounts, depositData, depositMetadata } from './deposits.ts';
import type { AppendOptions } from './floor.ts';

export interface EmmettPostgresqlOptions extends Omit<AppendOptions, 'directory'> {
  /** Of a database that holds nothing yet. */
  readonly connectionString: string;
}

/** What served it best with 64 appends at once on two cores: 10 are about as good, 32 and 64 slower. */
const POOL = 20;

/**
 * Durable appends per second of Emmett's PostgreSQL store, with the payload of the others and no idempotency key, through
 * a pool whose connections are open before the first append.
 */
export async function emmettPostgresql(options: EmmettPostgresqlOptions): Promise<number> {
  const { connectionString, concurrency, appends, accounts } = options;
  const connections = Math.min(POOL, concurrency);
  const pool = new pg.Pool({ connectionString, max: connections });
  await assertDurable(pool);
  const store = getPostgreSQLEventStore(connectionString, {
    connectionOptions: { connectionString, pool },
    schema: { autoMigration: 'None' },
  });
  await store.schema.migrate();
  await openAll(pool, connections);
  const all = createAccounts(accounts);
  const perSecond = await atOnce({ appends, concurrency }, async (at) => {
    const { stream } = all[at % all.length] ?? { stream: '' };
    const id = randomUUID();
    const metadata = depositMetadata(stream, id);
    await store.appendToStream(stream, [{ type: 'MoneyDeposited', data: depositData(stream, id), metadata }]);
  });
  await assertRecorded(pool, appends);
  await store.close();
  await pool.end();
  return perSecond;
}

/** What PostgreSQL does where nobody has told it otherwise: a commit is answered when the disk has it. */
const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

async function assertDurable(pool: pg.Pool): Promise<void> {
  for (const [setting, wanted] of Object.entries(DURABLE)) {
    const { rows } = await pool.query(`SHOW ${setting}`);
    if (rows[0]?.[setting] !== wanted)
      throw new Error(
        `PostgreSQL runs with ${setting} = ${rows[0]?.[setting]}: the comparison would be unfair.`,
      );
  }
}

async function openAll(pool: pg.Pool, count: number): Promise<void> {
  const clients = await Promise.all(Array.from({ length: count }, () => pool.connect()));
  for (const client of clients) client.release();
}

async function assertRecorded(pool: pg.Pool, appends: number): Promise<void> {
  const { rows } = await pool.query('SELECT count(*)::int AS recorded FROM emt_messages');
  if (rows[0]?.recorded !== appends)
    throw new Error(`Emmett recorded ${rows[0]?.recorded} of ${appends} events.`);
}
