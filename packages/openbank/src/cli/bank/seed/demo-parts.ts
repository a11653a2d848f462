import type { Answer, OpenBankClient } from '@openbank/client';
import { writeParams } from '../writes.ts';
import { type DemoMovement, moneyOf, salaryOf } from './demo-month.ts';
import type { DemoPerson } from './demo-persons.ts';
import type { Dice } from './dice.ts';

/** What was written of a demo, and what was there before. */
export interface Tally {
  /** Counts an answer, and gives what it holds. */
  count<Data>(answer: Pick<Answer<Data>, 'data' | 'replayed'>): Data;
  readonly added: number;
}

export function createTally(): Tally {
  let added = 0;
  return {
    get added() {
      return added;
    },
    count({ data, replayed }) {
      if (!replayed) added++;
      return data;
    },
  };
}

/** Makes parts of a demo in a bank; each has a key of its own, so that none is made twice. */
export interface DemoParts {
  /** @returns the person's id */
  person(person: DemoPerson): Promise<string>;
  /** @returns the account's id */
  account(person: DemoPerson, ownerId: string, name: string): Promise<string>;
  /** An account with something in it that takes no more money out. */
  frozen(person: DemoPerson, ownerId: string): Promise<void>;
  /** An account that was used and closed. */
  closed(person: DemoPerson, ownerId: string): Promise<void>;
  /** A deposit that was booked twice, and one of them taken back. */
  reversed(person: DemoPerson, accountId: string): Promise<void>;
  /** What was in an account before the months that are shown. */
  opening(person: DemoPerson, account_id: string): DemoMovement;
}

/** Before all months that a demo may have, and the same for each: given again with more of them, it is a repeat. */
const OPENING_DAY = '2000-01-01';

/** @param prefix - begins every idempotency key */
export function createDemoParts(
  bank: OpenBankClient,
  prefix: string,
  dice: Dice,
  { count }: Tally,
): DemoParts {
  const keyed = (key: string) => ({ params: writeParams({ key: prefix + key }) });

  async function deposit(account_id: string, amount: string, key: string) {
    const body = { account_id, amount, description: 'Deposit' };
    return count(await bank.post('/transactions/deposit', { body, ...keyed(key) })).transaction;
  }

  async function account(person: DemoPerson, owner_id: string, name: string): Promise<string> {
    const { number, home } = person;
    const { currency } = home;
    const isForEveryDay = name === '0';
    const body = {
      ...{ owner_id, currency, reference: `${prefix}${number}-${name}` },
      ...(isForEveryDay && { overdraft_limit: moneyOf(person, 500) }),
    };
    return count(await bank.post('/accounts', { body, ...keyed(`account-${number}-${name}`) })).id;
  }

  return {
    account,
    async person({ number, body }) {
      return count(await bank.post('/persons', { body, ...keyed(`person-${number}`) })).id;
    },
    async frozen(person, ownerId) {
      const id = await account(person, ownerId, 'frozen');
      await deposit(id, moneyOf(person, 250), `frozen-deposit-${person.number}`);
      const { params } = keyed(`freeze-${person.number}`);
      count(
        await bank.post('/accounts/{id}/freeze', {
          ...{ params: { ...params, path: { id } }, body: { status: 'FROZEN_DEBIT' } },
        }),
      );
    },
    async closed(person, ownerId) {
      const account_id = await account(person, ownerId, 'closed');
      const amount = moneyOf(person, 50);
      await deposit(account_id, amount, `closed-deposit-${person.number}`);
      const body = { account_id, amount, description: 'All that is left' };
      count(
        await bank.post('/transactions/withdrawal', { body, ...keyed(`closed-withdrawal-${person.number}`) }),
      );
      const { params } = keyed(`close-${person.number}`);
      const path = { id: account_id };
      count(await bank.post('/accounts/{id}/close', { params: { ...params, path }, body: {} }));
    },
    async reversed(person, accountId) {
      const amount = moneyOf(person, 75);
      await deposit(accountId, amount, `once-${person.number}`);
      const { id } = await deposit(accountId, amount, `twice-${person.number}`);
      const { params } = keyed(`reversal-${person.number}`);
      const body = { description: 'Booked twice' };
      count(await bank.post('/transactions/{id}/reversal', { params: { ...params, path: { id } }, body }));
    },
    opening: (person, account_id) => ({
      idempotency_key: `${prefix}opening-${person.number}`,
      ...{ type: 'deposit', account_id, amount: moneyOf(person, salaryOf(person, dice)) },
      ...{ description: 'Opening balance', value_date: OPENING_DAY },
    }),
  };
}
