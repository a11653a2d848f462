import { sendPatiently, type Write } from './call.ts';
import type { Acknowledged } from './clients.ts';

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

/**
 * Some cents by chance, in, out, or from one account to another; several of these at once; and what is done only once,
 * mostly asked for twice, by writes that follow each other. The overdraft limits are wide: no other rule is broken.
 */
export function movements(accounts: readonly string[]): (latest: Acknowledged | undefined) => Write {
  const rivals: Write[] = [];
  const reversed = new Set<string>();
  let number = 0;

  function contested(write: Write): Write {
    if (Math.random() < 0.7) rivals.push(write);
    return write;
  }

  function reversal(key: string, { write, answer }: Acknowledged): Write | undefined {
    if (!PLAIN.has(write.path) || reversed.has(write.key)) return undefined;
    reversed.add(write.key);
    const path = `/transactions/${JSON.parse(answer).transaction.id}/reversal`;
    return contested({ key, path, body: {}, reverses: write, contested: 'already-reversed' });
  }

  return (latest) => {
    const key = `movement-${number++}`;
    const rival = rivals.pop();
    if (rival !== undefined) return { ...rival, key };
    const chance = Math.random();
    const taken = chance < 0.1 && latest !== undefined ? reversal(key, latest) : undefined;
    if (taken !== undefined) return taken;
    if (chance < 0.2) {
      const interest = { key, path: '/transactions/interest', body: interestOf(accounts, number) };
      return contested({ ...interest, contested: 'interest-already-recorded' });
    }
    if (chance < 0.3)
      return { key, path: '/transactions/batch', body: { mode: 'atomic', items: items(accounts, number) } };
    const { type, ...body } = plain(accounts, number);
    return { key, path: `/transactions/${type}`, body };
  };
}

const PLAIN = new Set(['deposit', 'withdrawal', 'transfer'].map((type) => `/transactions/${type}`));

function plain(accounts: readonly string[], number: number) {
  const said = { amount: amount(), description: `Movement ${number}` };
  const [from, to] = two(accounts);
  const chance = Math.random();
  if (chance < 0.4) return { type: 'deposit', account_id: to, ...said };
  if (chance < 0.6) return { type: 'withdrawal', account_id: from, ...said };
  return { type: 'transfer', from_account_id: from, to_account_id: to, ...said };
}

function items(accounts: readonly string[], number: number): readonly object[] {
  const movements = Array.from({ length: 1 + Math.floor(Math.random() * 4) }, () => plain(accounts, number));
  return [...movements, { type: 'interest', ...interestOf(accounts, number) }];
}

/** For a day that no other number has. */
function interestOf(accounts: readonly string[], number: number) {
  const period = new Date(number * 86_400_000).toISOString().slice(0, 10);
  return { account_id: two(accounts)[0], amount: amount(), period };
}

/** Less than a thousand, in whole cents. */
function amount(): number {
  return (1 + Math.floor(Math.random() * 99_999)) / 100;
}

/** Two accounts of which neither is the other. */
function two(accounts: readonly string[]) {
  const from = Math.floor(Math.random() * accounts.length);
  const to = (from + 1 + Math.floor(Math.random() * (accounts.length - 1))) % accounts.length;
  return [accounts[from], accounts[to]] as const;
}
