import { beforeEach, describe, expect, test } from 'vitest';
import { transactions } from '../projections/transactions.ts';
import { newId, type TestBank } from '../testing/test-bank.ts';
import { bankWithTwoAccounts } from '../testing/two-accounts.ts';
import { getTransaction, getTransactionDescription } from './get-transaction.ts';

let bank: TestBank;
let ann: string;
let bob: string;
/** Of Ann and of Bob, in USD. */
let a: string;
let b: string;
beforeEach(async () => {
  ({ bank, ann, bob, a, b } = await bankWithTwoAccounts());
});

const project = () => bank.project(transactions);

describe('a transaction', () => {
  const find = (transactionId: string, { models, vault }: Pick<TestBank, 'models' | 'vault'> = bank) =>
    getTransaction(models, vault)({ type: 'GetTransaction', transactionId }, undefined);

  test('is read as it was answered, whatever it is', async () => {
    const booked = [
      await bank.deposit({ accountId: a, amount: 100, description: 'Salary' }),
      await bank.withdraw({ accountId: a, amount: 20 }),
      await bank.transfer({ fromAccountId: a, toAccountId: b, amount: 50, description: 'Rent' }),
      await bank.transfer({ fromAccountId: b, toAccountId: a, amount: 1 }),
    ];
    await project();
    for (const { answer } of booked) expect(await find(answer.transaction.id)).toEqual(answer.transaction);
  });

  test('of a transfer is told by who pays, also where the other one was erased', async () => {
    const transfer = { fromAccountId: a, toAccountId: b, amount: 7, description: 'Lunch' };
    const { id } = (await bank.transfer(transfer)).answer.transaction;
    await project();
    const others = await bank.vaultAfterErasing(bob);
    expect(await find(id, { ...bank, vault: others })).toMatchObject({ description: 'Lunch' });
    const own = await bank.vaultAfterErasing(ann);
    expect(await find(id, { ...bank, vault: own })).toMatchObject({ description: 'erased', amount: '7.00' });
  });

  test('that is not there is undefined, and no stream tells whether it will be', async () => {
    await project();
    expect(await find(newId())).toBeUndefined();
    expect(getTransactionDescription.stream({ type: 'GetTransaction', transactionId: a })).toBeUndefined();
    expect(getTransactionDescription.notFound()).toMatchObject({ code: 'transaction-not-found' });
  });
});
