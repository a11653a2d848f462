import { beforeEach, describe, expect, test } from 'vitest';
import { accounts } from '../projections/accounts.ts';
import { persons } from '../projections/persons.ts';
import { ALICE, createTestBank, newId, type TestBank } from '../testing/test-bank.ts';
import { getAccount, getAccountDescription } from './get-account.ts';
import { getAccountsByOwner, getAccountsByOwnerDescription } from './get-accounts-by-owner.ts';
import { getPerson, getPersonDescription } from './get-person.ts';

describe('queries', () => {
  let bank: TestBank;
  let ask: ReturnType<typeof queriesOf>;

  beforeEach(async () => {
    bank = await createTestBank();
    ask = queriesOf(bank);
  });

  test('an account is read as its events leave it, with the name of its owner', async () => {
    const { id: ownerId } = (await bank.register()).answer;
    const opened = (await bank.open({ ownerId })).answer;
    const { transaction } = (await bank.deposit({ accountId: opened.id, amount: 1000 })).answer;
    await bank.project(persons, accounts);
    expect(await ask.account(opened.id)).toEqual({
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
    expect((await ask.account(id))?.answer.owner).toBeNull();
  });

  test('a person is read as it was answered', async () => {
    const { answer } = await bank.register();
    await bank.open({ ownerId: answer.id });
    await bank.project(persons);
    expect(await ask.person(answer.id)).toEqual({ answer, revision: 1 });
  });

  test('of an erased person nothing is left but the word', async () => {
    const { id } = (await bank.register()).answer;
    const { id: accountId } = (await bank.open({ ownerId: id })).answer;
    await bank.project(persons, accounts);
    ask = queriesOf({ ...bank, vault: await bank.vaultAfterErasing(id) });
    const erased = await ask.person(id);
    expect(erased?.answer).toMatchObject({ id, first_name: 'erased', gender: 'erased', address: null });
    expect(JSON.stringify(erased)).not.toContain(ALICE.first_name);
    expect((await ask.account(accountId))?.answer.owner).toBe('erased');
    expect((await ask.byOwner(id))?.map(({ owner }) => owner)).toEqual(['erased']);
  });

  test('accounts of an owner come in the order of their opening, all of them, and no others', async () => {
    const { id: ownerId } = (await bank.register()).answer;
    const { id: other } = (await bank.register()).answer;
    const opened: string[] = [];
    for (let i = 0; i < 201; i++) opened.push((await bank.open({ ownerId })).answer.id);
    await bank.open({ ownerId: other });
    await bank.project(persons, accounts);
    const found = await ask.byOwner(ownerId);
    expect(found?.map(({ id }) => id)).toEqual(opened);
    expect(new Set(found?.map(({ owner }) => owner))).toEqual(new Set(['Alice Smith']));
    expect(await ask.byOwner(other)).toHaveLength(1);
    expect(await ask.byOwner(ownerId)).toHaveLength(201);
  });

  test('a person without accounts has an empty list, an unknown one has none', async () => {
    const { id: ownerId } = (await bank.register()).answer;
    await bank.project(persons, accounts);
    expect(await ask.byOwner(ownerId)).toEqual([]);
    expect(await ask.byOwner(newId())).toBeUndefined();
  });

  test('what is not there is undefined', async () => {
    expect(await ask.person(newId())).toBeUndefined();
    expect(await ask.account(newId())).toBeUndefined();
  });
});

test('a query says what it draws on, which stream a miss is about, and what a miss means', () => {
  const id = newId();
  expect(getPersonDescription.drawsOn).toEqual([persons]);
  expect(getPersonDescription.stream({ type: 'GetPerson', personId: id })).toBe(`person-${id}`);
  expect(getPersonDescription.notFound()).toMatchObject({
    kind: 'not-found',
    code: 'person-not-found',
    fields: [],
  });
  expect(getAccountDescription.drawsOn).toEqual([accounts, persons]);
  expect(getAccountDescription.stream({ type: 'GetAccount', accountId: id })).toBe(`bank-account-${id}`);
  expect(getAccountDescription.notFound()).toMatchObject({ code: 'account-not-found' });
  expect(getAccountsByOwnerDescription.drawsOn).toEqual([accounts, persons]);
  expect(getAccountsByOwnerDescription.stream({ type: 'GetAccountsByOwner', ownerId: id })).toBe(
    `person-${id}`,
  );
  expect(getAccountsByOwnerDescription.notFound()).toMatchObject({ code: 'person-not-found' });
});

function queriesOf({ models, vault }: Pick<TestBank, 'models' | 'vault'>) {
  const person = getPerson(models, vault);
  const account = getAccount(models, vault);
  const byOwner = getAccountsByOwner(models, vault);
  return {
    person: (personId: string) => person({ type: 'GetPerson', personId }, undefined),
    account: (accountId: string) => account({ type: 'GetAccount', accountId }, undefined),
    byOwner: (ownerId: string) => byOwner({ type: 'GetAccountsByOwner', ownerId }, undefined),
  };
}
