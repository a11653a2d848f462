import { beforeEach, expect, test } from 'vitest';
import { accounts } from '../projections/accounts.ts';
import { persons } from '../projections/persons.ts';
import { ALICE, createTestBank, newId, type TestBank } from '../testing/test-bank.ts';
import { getAccount } from './get-account.ts';
import { getAccountsByOwner } from './get-accounts-by-owner.ts';
import { getPerson, getPersonDescription } from './get-person.ts';

let bank: TestBank;
beforeEach(async () => {
  bank = await createTestBank();
});

function ask(personId: string, { models, vault }: Pick<TestBank, 'models' | 'vault'> = bank) {
  return getPerson(models, vault)({ type: 'GetPerson', personId }, undefined);
}

test('a person is read as it was answered', async () => {
  const { answer } = await bank.register();
  await bank.open({ ownerId: answer.id });
  await bank.project(persons);
  expect(await ask(answer.id)).toEqual({ answer, revision: 1 });
});

test('of an erased person nothing is left but the word', async () => {
  const { id } = (await bank.register()).answer;
  const { id: accountId } = (await bank.open({ ownerId: id })).answer;
  await bank.project(persons, accounts);
  const after = { ...bank, vault: await bank.vaultAfterErasing(id) };
  const erased = await ask(id, after);
  expect(erased?.answer).toMatchObject({ id, first_name: 'erased', gender: 'erased', address: null });
  expect(JSON.stringify(erased)).not.toContain(ALICE.first_name);
  expect(await ownersOf(id, accountId, after)).toEqual(['erased', 'erased']);
});

test('a person whom nobody knows is undefined', async () => {
  expect(await ask(newId())).toBeUndefined();
});

test('a person says what it draws on, and what a miss is about', () => {
  const { drawsOn, stream, notFound } = getPersonDescription;
  expect(drawsOn).toEqual([persons]);
  expect(stream({ type: 'GetPerson', personId: 'x' })).toBe('person-x');
  expect(notFound()).toMatchObject({ kind: 'not-found', code: 'person-not-found', fields: [] });
});

/** The owner's name as it is read with one account, and with all of the owner's. */
async function ownersOf(
  ownerId: string,
  accountId: string,
  { models, vault }: Pick<TestBank, 'models' | 'vault'>,
) {
  const one = await getAccount(models, vault)({ type: 'GetAccount', accountId }, undefined);
  const all = await getAccountsByOwner(models, vault)({ type: 'GetAccountsByOwner', ownerId }, undefined);
  return [one?.answer.owner, ...(all ?? []).map(({ owner }) => owner)];
}
