import type { App } from '../../http/app.ts';
import { type Calls, callsTo } from '../calls.ts';

/** What requests can name so that it is there. */
export interface Existing {
  readonly persons: readonly string[];
  /** Of the first person, with money in them. */
  readonly accounts: readonly string[];
  /** Deposits into the first account. */
  readonly transactions: readonly string[];
  /** With which the deposits were made. */
  readonly keys: readonly string[];
  /** Of the log. */
  readonly positions: readonly string[];
  /** When all of that was there. */
  readonly times: readonly string[];
}

/** Makes persons, accounts and transactions, so many of each. */
async function makeExisting(app: App, count: number): Promise<Existing> {
  const { registerAlice, openAccount, post, get } = callsTo(app);
  const persons = await several(count, registerAlice);
  const [owner = ''] = persons;
  const accounts = await several(count, () => openAccount(owner, { overdraft_limit: '1000000.00' }));
  const keys = accounts.map(() => crypto.randomUUID());
  const deposits = [];
  for (const [at, key] of keys.entries()) {
    const body = { account_id: at < count / 2 ? accounts[0] : accounts[at], amount: '1000.00' };
    deposits.push(await post('/transactions/deposit', body, { 'Idempotency-Key': key }));
  }
  const position = String(deposits.at(-1)?.headers['openbank-position']);
  const answers: readonly { id: string; booked_at: string }[] = deposits.map(
    (each) => each.json().transaction,
  );
  // Read models are there too, so that what is asked for next is found.
  await get(`/trial-balance?min_position=${position}`);
  return {
    persons,
    accounts,
    transactions: answers.map(({ id }) => id),
    keys,
    positions: [position],
    times: [answers.at(-1)?.booked_at ?? ''],
  };
}

async function several(count: number, make: () => Promise<string>): Promise<readonly string[]> {
  const made: string[] = [];
  while (made.length < count) made.push(await make());
  return made;
}

/** What stands for something that is there, by the name of the field or parameter; none where a name means no such thing. */
export function valuesOf(existing: Existing, name: string, path: string): readonly string[] {
  // An item of a batch has a key of its own; elsewhere it is asked for what has been done with a key.
  const meant = path.endsWith('/batch') && name === 'idempotency_key' ? 'idempotency-key' : name;
  return VALUES[name === 'id' ? collectionOf(path) : meant]?.(existing) ?? [];
}

/** `/api/v1/accounts/{id}/deposit` is about `accounts`. */
function collectionOf(path: string): string {
  return /(?<collection>\w+)\/\{id\}/.exec(path)?.groups?.collection ?? '';
}

const VALUES: Readonly<Record<string, (existing: Existing) => readonly string[]>> = {
  persons: ({ persons }) => persons,
  owner_id: ({ persons }) => persons,
  accounts: ({ accounts }) => accounts,
  account_id: ({ accounts }) => accounts,
  from_account_id: ({ accounts }) => accounts,
  to_account_id: ({ accounts }) => accounts.toReversed(),
  transactions: ({ transactions }) => transactions,
  idempotency_key: ({ keys }) => keys,
  // A key is for one call.
  'idempotency-key': () => [crypto.randomUUID()],
  min_position: ({ positions }) => positions,
  'openbank-min-position': ({ positions }) => positions,
  as_of_position: ({ positions }) => positions,
  as_of: ({ times }) => times,
};

/** Operations that want more to have happened before; they answer with what is there then. */
const BEFORE: Readonly<Record<string, (calls: Calls, existing: Existing) => Promise<Existing>>> = {
  'POST /api/v1/accounts/{id}/unfreeze': async ({ post }, existing) => {
    for (const account of existing.accounts) await post(`/accounts/${account}/freeze`, {});
    return existing;
  },
  'POST /api/v1/accounts/{id}/close': async ({ openAccount }, existing) => ({
    ...existing,
    accounts: await several(existing.accounts.length, () => openAccount(existing.persons[0] ?? '')),
  }),
};

/** Makes what an operation needs to succeed. */
export async function makeExistingFor(name: string, app: App, count = 2): Promise<Existing> {
  const existing = await makeExisting(app, count);
  return (await BEFORE[name]?.(callsTo(app), existing)) ?? existing;
}
