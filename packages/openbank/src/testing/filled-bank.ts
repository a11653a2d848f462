import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../http/app.ts';
import type { HealthAnswer } from '../http/health.ts';
import { type Calls, callsTo } from './calls.ts';
import { openFileBank } from './file-bank.ts';

/** A write that can be repeated, and what it was answered. */
export interface AnsweredWrite {
  readonly url: string;
  readonly body: object;
  readonly key: string;
  readonly status: number;
  readonly answer: string;
}

export interface FilledBank {
  /** Some of its writes. */
  readonly writes: readonly AnsweredWrite[];
}

/** Calls that are under way together. */
const AT_ONCE = 64;
/** Of so many writes one is kept, to be repeated. */
const KEPT = 97;

/** Makes a bank of about so many events in files: persons, accounts in two currencies, deposits, withdrawals, transfers. */
export async function fillBank(data: string, events: number): Promise<FilledBank> {
  const { app, close } = await openFileBank({ data });
  try {
    const writes = await filled(callsTo(app), events);
    await untilCaughtUp(app);
    return { writes };
  } finally {
    await close();
  }
}

async function filled(calls: Calls, events: number): Promise<readonly AnsweredWrite[]> {
  const writes: AnsweredWrite[] = [];
  let count = 0;
  const write = async (url: string, body: object): Promise<string> => {
    const key = `write-${count++}`;
    const { statusCode: status, body: answer } = await calls.post(url, body, { 'Idempotency-Key': key });
    if (status >= 300) throw new Error(`${url} was answered ${status}: ${answer}`);
    if (count < 20 || count % KEPT === 0) writes.push({ url, body, key, status, answer });
    return String(JSON.parse(answer).id);
  };
  const accounts: string[] = [];
  for (let at = 0; at < Math.max(4, events / 200); at++) {
    const person = { first_name: 'Ada', last_name: `Lovelace ${at}`, nationality: 'GB', gender: 'FEMALE' };
    const owner_id = await write('/persons', { ...person, date_of_birth: '1815-12-10' });
    accounts.push(await write('/accounts', { owner_id }));
  }
  for (const account_id of accounts) await write('/transactions/deposit', movement(account_id, '1000.00'));
  // What was made so far is one event each, and so is what follows, but for transfers: they are two.
  let made = 3 * accounts.length;
  const client = async (): Promise<void> => {
    while (made < events) {
      const at = made;
      const [one = '', other = ''] = [
        accounts[at % accounts.length],
        accounts[(at * 7 + 1) % accounts.length],
      ];
      made++;
      if (at % 5 < 3 || one === other) await write('/transactions/deposit', movement(one, '10.00'));
      else if (at % 5 === 3) await write('/transactions/withdrawal', movement(one, '0.25'));
      else {
        made++;
        const accountIds = { from_account_id: one, to_account_id: other };
        await write('/transactions/transfer', { ...accountIds, amount: '1.00', description: `Rent ${at}` });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  return writes;
}

function movement(account_id: string, amount: string) {
  return { account_id, amount, description: 'By hand' };
}

/** Until its read models are at the end of the log, so that they are verified as a whole. */
export async function untilCaughtUp(app: App): Promise<void> {
  for (let left = 1_200; left > 0; left--) {
    const { statusCode, body } = await app.inject('/health/ready');
    const { head, projections }: HealthAnswer = JSON.parse(body);
    const isThere = projections.every(
      ({ position }) => head === null || (position !== null && position >= head),
    );
    if (statusCode === 200 && projections.length > 0 && isThere) return;
    await sleep(50);
  }
  throw new Error(`The read models have not come to the end: ${(await app.inject('/health/ready')).body}`);
}

/** Sends writes again with their keys, and answers which of them are not answered as they were. */
export async function answeredAnew(app: App, writes: readonly AnsweredWrite[]): Promise<readonly string[]> {
  const { post } = callsTo(app);
  const anew: string[] = [];
  for (const { url, body, key, status, answer } of writes) {
    const again = await post(url, body, { 'Idempotency-Key': key });
    if (again.statusCode !== status || again.body !== answer)
      anew.push(`${key}: ${again.statusCode} ${again.body}`);
  }
  return anew;
}
