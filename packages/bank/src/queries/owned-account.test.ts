import { expect, test } from 'vitest';
import { accounts } from '../projections/accounts.ts';
import { persons } from '../projections/persons.ts';
import { createTestBank } from '../testing/test-bank.ts';
import { getAccount } from './get-account.ts';
import { getAccounts } from './get-accounts.ts';
import { getAccountsByOwner } from './get-accounts-by-owner.ts';

test('an account that was there before its owner has the name as soon as the persons have it', async () => {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  const { id: accountId } = (await bank.open({ ownerId })).answer;

  async function names() {
    const [one, byOwner, all] = await Promise.all([
      getAccount(bank.models, bank.vault)({ type: 'GetAccount', accountId }, undefined),
      getAccountsByOwner(bank.models, bank.vault)({ type: 'GetAccountsByOwner', ownerId }, undefined),
      getAccounts(bank.models, bank.vault)({ type: 'GetAccounts', limit: 1 }, undefined),
    ]);
    return [one?.answer.owner, ...(byOwner ?? []).map(({ owner }) => owner), all.items[0]?.owner];
  }

  await bank.project(accounts);
  // Whose accounts they are is known once the person is.
  expect(await names()).toEqual([null, null]);
  await bank.project(persons);
  expect(await names()).toEqual(['Alice Smith', 'Alice Smith', 'Alice Smith']);
});
