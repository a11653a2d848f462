import { expect, test } from 'vitest';
import { accounts } from '../projections/accounts.ts';
import { persons } from '../projections/persons.ts';
import { getAccount } from '../queries/get-account.ts';
import { getPerson } from '../queries/get-person.ts';
import { ALICE, createTestBank, newContext, newId } from '../testing/test-bank.ts';
import { type CorrectPerson, validateCorrectPerson } from './correct-person.ts';

const ADDRESS = {
  street_name: 'Main Street',
  street_number: '1a',
  zip_code: '02139',
  city: 'Cambridge',
  state: 'MA',
  country: 'US',
};

async function bankWithAlice() {
  const bank = await createTestBank();
  const { id: personId } = (await bank.register()).answer;
  return { bank, personId };
}

test('a correction answers the person as it is now, but not when it was registered', async () => {
  const { bank, personId } = await bankWithAlice();
  const { answer, revision } = await bank.correct({ personId, changes: { last_name: 'Jones' } });
  expect(answer).toEqual({
    id: personId,
    ...ALICE,
    last_name: 'Jones',
    last_modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
  });
  expect(revision).toBe(1);
});

test('corrections add up, and an address is removed by null', async () => {
  const { bank, personId } = await bankWithAlice();
  await bank.correct({ personId, changes: { address: ADDRESS } });
  await bank.correct({ personId, changes: { nationality: 'FR' } });
  const { answer } = await bank.correct({ personId, changes: { gender: 'OTHER' } });
  expect(answer).toMatchObject({ ...ALICE, address: ADDRESS, nationality: 'FR', gender: 'OTHER' });
  const removed = await bank.correct({ personId, changes: { address: null } });
  expect(removed.answer).toMatchObject({ address: null, nationality: 'FR' });
});

test('of many corrections at once none is lost', async () => {
  const { bank, personId } = await bankWithAlice();
  const all = { first_name: 'Alicia', last_name: 'Jones', nationality: 'FR', gender: 'OTHER' } as const;
  const others = Array.from({ length: 30 }, () => ({ address: ADDRESS }));
  const each = [...Object.entries(all).map(([name, value]) => ({ [name]: value })), ...others];
  await Promise.all(each.map((changes) => bank.correct({ personId, changes })));
  const { answer } = await bank.correct({ personId, changes: { date_of_birth: '1991-01-01' } });
  expect(answer).toMatchObject({ ...all, address: ADDRESS, date_of_birth: '1991-01-01' });
});

test('a correction repeated with its key answers the first time again', async () => {
  const { bank, personId } = await bankWithAlice();
  const first = await bank.correct({ personId, changes: { last_name: 'Jones' } }, newContext('key'));
  await bank.correct({ personId, changes: { last_name: 'Miller' } });
  const again = await bank.correct({ personId, changes: { last_name: 'Jones' } }, newContext('key'));
  expect(again).toEqual({ ...first, replayed: true });
});

test('a correction is recorded sealed', async () => {
  const { bank, personId } = await bankWithAlice();
  await bank.correct({ personId, changes: { last_name: 'Jones', address: ADDRESS } });
  const log = JSON.stringify(await bank.recorded());
  for (const text of ['Alice', 'Jones', '1990', 'Main Street']) expect(log).not.toContain(text);
});

test('the corrected name is the one that is read, of the person and as owner of its accounts', async () => {
  const { bank, personId } = await bankWithAlice();
  const { id: accountId } = (await bank.open({ ownerId: personId })).answer;
  const { answer } = await bank.correct({ personId, changes: { last_name: 'Jones' } });
  await bank.project(accounts, persons);
  const shown = await getPerson(bank.models, bank.vault)({ type: 'GetPerson', personId }, undefined);
  expect(shown?.answer).toMatchObject(answer);
  const account = await getAccount(bank.models, bank.vault)({ type: 'GetAccount', accountId }, undefined);
  expect(account?.answer).toMatchObject({ owner: 'Alice Jones' });
});

test('nobody is corrected to be born after today, and who is not known is not corrected', async () => {
  const { bank, personId } = await bankWithAlice();
  const tomorrow = bank.correct({ personId, changes: { date_of_birth: '2026-11-25' } });
  await expect(tomorrow).rejects.toMatchObject({ kind: 'rule', code: 'birth-date-in-future' });
  const nobody = bank.correct({ personId: newId(), changes: { last_name: 'Jones' } });
  await expect(nobody).rejects.toMatchObject({ kind: 'not-found', code: 'person-not-found', fields: [] });
});

test('of who was erased nothing is corrected, nor a correction repeated', async () => {
  const bank = await createTestBank();
  const { id: personId } = (await bank.register()).answer;
  await bank.correct({ personId, changes: { last_name: 'Jones' } }, newContext('key'));
  await bank.vaultAfterErasing(personId);
  const erased = await createTestBank({ log: bank.log, keys: bank.keys });
  for (const context of [newContext(), newContext('key')]) {
    const correction = erased.correct({ personId, changes: { last_name: 'Miller' } }, context);
    await expect(correction).rejects.toMatchObject({ code: 'key-destroyed' });
  }
});

test('everything that is wrong in itself is named at once, and what is not given is not judged', () => {
  const fieldsOf = (changes: CorrectPerson['changes']) => {
    try {
      validateCorrectPerson({ type: 'CorrectPerson', personId: newId(), changes, today: '2026-11-24' });
      return [];
    } catch (refusal) {
      expect(refusal).toMatchObject({ kind: 'malformed', code: 'malformed' });
      return Object(refusal).fields.map(({ field }: { readonly field: string }) => field);
    }
  };
  expect(fieldsOf({ first_name: ' ', nationality: 'ZZ', address: { ...ADDRESS, city: '\n' } })).toEqual([
    'first_name',
    'nationality',
    'address.city',
  ]);
  expect(fieldsOf({ date_of_birth: '1990-02-30' })).toEqual(['date_of_birth']);
  expect(fieldsOf({})).toEqual(['body']);
  expect(fieldsOf({ address: null })).toEqual([]);
  expect(fieldsOf({ last_name: 'Jones' })).toEqual([]);
});
