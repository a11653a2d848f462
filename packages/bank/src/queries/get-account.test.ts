import { beforeEach, expect, test } from 'vitest';
import { accounts } from '../projections/accounts.ts';
import { persons } from '../projections/persons.ts';
import { createTestBank, newId, type TestBank } from '../testing/test-bank.ts';
import { getAccount, getAccountDescription } from './get-account.ts';

let bank: TestBank;
beforeEach(async () => {
  bank = await createTestBank();
});

function ask(accountId: string) {
  return getAccount(bank.models, bank.vault)({ type: 'GetAccount', accountId }, undefined);
}

test('an account is read as its events leave it, with the name of its owner', async () => {
  const { id: ownerId } = (await bank.register()).answer;
  const opened = (await bank.open({ ownerId })).answer;
  const { transaction } = (await bank.deposit({ accountId: opened.id, amount: 1000 })).answer;
  await bank.project(persons, accounts);
  expect(await ask(opened.id)).toEqual({
    answer: {
      ...opened,
      owner: 'Alice Smith',
      balance: '1000.00',
      available_balance: '1500.00',
      last_modified: transaction.booked_at,
    },
    revision: 1,
  });
});

test('an owner who is not in the read model yet is null, never erased', async () => {
  const { id: ownerId } = (await bank.register()).answer;
  const { id } = (await bank.open({ ownerId })).answer;
  await bank.project(accounts);
  expect((await ask(id))?.answer.owner).toBeNull();
});

test('an account that nobody knows is undefined', async () => {
  expect(await ask(newId())).toBeUndefined();
});

test('an account says what it draws on, and what a miss is about', () => {
  const { drawsOn, stream, notFound } = getAccountDescription;
  expect(drawsOn).toEqual([accounts, persons]);
  expect(stream({ type: 'GetAccount', accountId: 'x' })).toBe('bank-account-x');
  expect(notFound()).toMatchObject({ code: 'account-not-found' });
});
