import { beforeEach, describe, expect, test } from 'vitest';
import { trialBalance } from '../projections/trial-balance.ts';
import type { TestBank } from '../testing/test-bank.ts';
import { bankWithTwoAccounts } from '../testing/two-accounts.ts';
import { getTrialBalance } from './get-trial-balance.ts';

let bank: TestBank;
let ann: string;
/** Of Ann and of Bob, in USD. */
let a: string;
let b: string;
beforeEach(async () => {
  ({ bank, ann, a, b } = await bankWithTwoAccounts());
});

const project = () => bank.project(trialBalance);

describe('the trial balance', () => {
  const balance = () => getTrialBalance(bank.models)({ type: 'GetTrialBalance' }, undefined);

  test('is zero for each currency, at the position of the last transaction', async () => {
    const yen = (await bank.open({ ownerId: ann, currency: 'JPY', overdraftLimit: 0 })).answer.id;
    await bank.deposit({ accountId: a, amount: 100 });
    await bank.deposit({ accountId: yen, amount: 5 });
    await bank.withdraw({ accountId: a, amount: 20 });
    const { position } = await bank.transfer({ fromAccountId: a, toAccountId: b, amount: 50 });
    await bank.open({ ownerId: ann });
    await project();
    expect(await balance()).toEqual({
      position,
      currencies: [
        {
          currency: 'JPY',
          accounts: [
            { account: 'cash', balance: '-5' },
            { account: 'customers', balance: '5' },
          ],
          total: '0',
        },
        {
          currency: 'USD',
          accounts: [
            { account: 'cash', balance: '-80.00' },
            { account: 'customers', balance: '80.00' },
            { account: 'transfers', balance: '0.00' },
          ],
          total: '0.00',
        },
      ],
    });
  });

  test('is empty while there is no transaction', async () => {
    await project();
    expect(await balance()).toEqual({ position: null, currencies: [] });
  });
});
