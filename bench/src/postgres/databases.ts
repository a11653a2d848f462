import pg from 'pg';

/** Where a database of the given name is, or would be: its connection string. */
export type Address = (database: string) => string;

/** Makes an empty database at each call, and answers its connection string. */
export function createDatabases(address: Address): () => Promise<string> {
  let made = 0;
  return async () => {
    const name = `run_${++made}`;
    await ask(address('postgres'), `CREATE DATABASE ${name}`);
    return address(name);
  };
}

/** As `15.20`. */
export async function serverVersion(address: Address): Promise<string> {
  const [row] = await ask(address('postgres'), 'SHOW server_version');
  return String(row?.server_version).split(' ')[0] ?? '';
}

async function ask(connectionString: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
