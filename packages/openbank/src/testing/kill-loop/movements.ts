import { sendPatiently, type Write } from './call.ts';

const ACCOUNTS = 20;

/** Accounts of one person, with wide overdraft limits. */
export async function openAccounts(address: string): Promise<readonly string[]> {
  const owner = await create(address, {
    key: 'person',
    path: '/persons',
    body: {
      first_name: 'Alice',
      last_name: 'Smith',
      date_of_birth: '1990-05-15',
      nationality: 'US',
      gender: 'FEMALE',
    },
  });
  const numbers = Array.from({ length: ACCOUNTS }, (_, number) => number);
  return Promise.all(
    numbers.map((number) =>
      create(address, {
        key: `account-${number}`,
        path: '/accounts',
        body: { owner_id: owner, overdraft_limit: 10_000_000 },
      }),
    ),
  );
}

async function create(address: string, write: Write): Promise<string> {
  const outcome = await sendPatiently(address, write);
  if (outcome.kind !== 'ok') throw new Error(`${write.path}: ${outcome.reason}`);
  return String(JSON.parse(outcome.answer).id);
}

/** Some cents by chance, in, out, or from one account to another. The overdraft limits are wide: no rule is broken. */
export function movements(accounts: readonly string[]): () => Write {
  let number = 0;
  return () => {
    const key = `movement-${number++}`;
    const cents = 1 + Math.floor(Math.random() * 99_999);
    const said = { amount: cents / 100, description: `Movement ${number}` };
    const from = Math.floor(Math.random() * accounts.length);
    const to = (from + 1 + Math.floor(Math.random() * (accounts.length - 1))) % accounts.length;
    const chance = Math.random();
    if (chance < 0.4) {
      return { key, path: '/transactions/deposit', body: { account_id: accounts[to], ...said } };
    }
    if (chance < 0.6) {
      return { key, path: '/transactions/withdrawal', body: { account_id: accounts[from], ...said } };
    }
    const both = { from_account_id: accounts[from], to_account_id: accounts[to] };
    return { key, path: '/transactions/transfer', body: { ...both, ...said } };
  };
}
