import { beforeEach, expect, test } from 'vitest';
import { accounts } from '../projections/accounts.ts';
import { persons } from '../projections/persons.ts';
import { createTestBank, newId, type TestBank } from '../testing/test-bank.ts';
import { getAccountsByOwner, getAccountsByOwnerDescription } from './get-accounts-by-owner.ts';

let bank: TestBank;
beforeEach(async () => {
  bank = await createTestBank();
});

function ask(ownerId: string) {
  return getAccountsByOwner(bank.models, bank.vault)({ type: 'GetAccountsByOwner', ownerId }, undefined);
}

test('accounts of an owner come in the order of their opening, all of them, and no others', async () => {
  const { id: ownerId } = (await bank.register()).answer;
  const { id: other } = (await bank.register()).answer;
  const opened: string[] = [];
  for (let i = 0; i < 201; i++) opened.push((await bank.open({ ownerId })).answer.id);
  await bank.open({ ownerId: other });
  await bank.project(persons, accounts);
  const found = await ask(ownerId);
  expect(found?.map(({ id }) => id)).toEqual(opened);
  expect(new Set(found?.map(({ owner }) => owner))).toEqual(new Set(['Alice Smith']));
  expect(await ask(other)).toHaveLength(1);
  expect(await ask(ownerId)).toHaveLength(201);
});

test('a person without accounts has an empty list, an unknown one has none', async () => {
  const { id: ownerId } = (await bank.register()).answer;
  await bank.project(persons, accounts);
  expect(await ask(ownerId)).toEqual([]);
  expect(await ask(newId())).toBeUndefined();
});

test('the accounts of an owner say what they draw on, and what a miss is about', () => {
  const { drawsOn, stream, notFound } = getAccountsByOwnerDescription;
  expect(drawsOn).toEqual([accounts, persons]);
  expect(stream({ type: 'GetAccountsByOwner', ownerId: 'x' })).toBe('person-x');
  expect(notFound()).toMatchObject({ code: 'person-not-found' });
});
