import { expect, test } from 'vitest';
import { ALICE, createTestBank, newContext, newId } from '../testing/test-bank.ts';
import { validateRegisterPerson } from './register-person.ts';

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
const command = { type: 'RegisterPerson', personId: newId(), details: ALICE, today: '2026-11-24' } as const;
const ADDRESS = {
  street_name: 'Main Street',
  street_number: '1a',
  zip_code: '02139',
  city: 'Cambridge',
  state: 'MA',
  country: 'USA',
};

test('a registration answers the person', async () => {
  const bank = await createTestBank();
  const personId = newId();
  const { answer, revision } = await bank.register({ personId, details: { ...ALICE, address: ADDRESS } });
  expect(answer).toEqual({ id: personId, ...ALICE, address: ADDRESS, created_at: TIME, last_modified: TIME });
  expect(revision).toBe(0);
});

test('a registration repeated with its key answers the first person again', async () => {
  const bank = await createTestBank();
  const first = await bank.register({}, newContext('key'));
  const again = await bank.register({}, newContext('key'));
  expect(again).toEqual({ ...first, replayed: true });
});

test('nothing personal is recorded in readable form', async () => {
  const bank = await createTestBank();
  await bank.register({ details: { ...ALICE, address: ADDRESS } });
  const log = JSON.stringify(await bank.recorded());
  for (const text of ['Alice', 'Smith', '1990', 'FEMALE', 'Main Street', 'Cambridge']) {
    expect(log).not.toContain(text);
  }
});

test('nobody is registered before birth', async () => {
  const bank = await createTestBank();
  const tomorrow = bank.register({ details: { ...ALICE, date_of_birth: '2026-11-25' } });
  await expect(tomorrow).rejects.toMatchObject({ kind: 'rule', code: 'birth-date-in-future' });
  expect(await bank.recorded()).toEqual([]);
  await bank.register({ details: { ...ALICE, date_of_birth: '2026-11-24' } });
});

test('a person with all that can be known is valid', () => {
  expect(() => validateRegisterPerson(command)).not.toThrow();
  const details = { ...ALICE, address: { ...ADDRESS, state: null } };
  expect(() => validateRegisterPerson({ ...command, details })).not.toThrow();
});

test('everything that is wrong in itself is named at once, and no value is repeated', () => {
  const details = {
    first_name: ' ',
    last_name: 'x'.repeat(101),
    date_of_birth: '1990-02-30',
    nationality: 'ZZ',
    gender: ALICE.gender,
    address: { ...ADDRESS, city: 'two\nlines', country: '' },
  };
  expect(() => validateRegisterPerson({ ...command, details })).toThrow(
    expect.objectContaining({
      kind: 'malformed',
      code: 'malformed',
      message: expect.not.stringMatching(/1990-02-30|ZZ|lines/),
      fields: [
        'first_name',
        'last_name',
        'date_of_birth',
        'nationality',
        'address.city',
        'address.country',
      ].map((field) => ({ field, message: expect.any(String) })),
    }),
  );
});

test.each(['us', 'USA', 'XX', 'constructor', ''])('%j is no nationality', (nationality) => {
  expect(() => validateRegisterPerson({ ...command, details: { ...ALICE, nationality } })).toThrow(
    /nationality/,
  );
});

test('half a character is refused', () => {
  const details = { ...ALICE, first_name: 'A\ud83d' };
  expect(() => validateRegisterPerson({ ...command, details })).toThrow(/first_name/);
});
