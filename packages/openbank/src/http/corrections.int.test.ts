import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { ALICE, type Calls, callsTo, type Headers } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let calls: Calls;
let person: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
});
beforeEach(async () => {
  person = await calls.registerAlice();
});
afterAll(() => bank.close());

const NOBODY = '0'.repeat(32);
const ADDRESS = {
  street_name: 'Main Street',
  street_number: '12a',
  zip_code: '62704',
  city: 'Springfield',
  state: 'IL',
  country: 'US',
};
const correct = (payload: object, headers: Headers = {}, id = person, query = '') =>
  bank.app.inject({ method: 'PATCH', url: `/api/v1/persons/${id}${query}`, payload, headers });

it('changes what is given, leaves the rest, and answers the person as it is now', async () => {
  const answer = await correct({ last_name: 'Jones', address: ADDRESS });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({
    id: person,
    ...ALICE,
    last_name: 'Jones',
    address: ADDRESS,
    last_modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
  });
  expect(answer.headers.etag).toBe('"1"');
});

it.each<[string, unknown]>([
  ['first_name', 'Alicia'],
  ['last_name', 'Jones'],
  ['date_of_birth', '1991-02-03'],
  ['nationality', 'FR'],
  ['gender', 'OTHER'],
  ['address', ADDRESS],
])('changes %s alone', async (field, value) => {
  const answer = await correct({ [field]: value });
  expect(answer.json()).toMatchObject({ ...ALICE, address: null, [field]: value });
});

it('removes an address by null, and takes one without a state', async () => {
  const { state: _state, ...without } = ADDRESS;
  expect((await correct({ address: without })).json().address).toEqual({ ...ADDRESS, state: null });
  expect((await correct({ address: null })).json().address).toBeNull();
});

it('shows everywhere what is corrected', async () => {
  const account = await calls.openAccount(person);
  const answer = await correct({ first_name: 'Alicia' });
  const position = `min_position=${answer.headers['openbank-position']}`;
  const shown = await calls.get(`/persons/${person}?${position}`);
  expect(shown.json()).toMatchObject(answer.json());
  expect(shown.json().created_at < shown.json().last_modified).toBe(true);
  const listed = await calls.get(`/persons?limit=200&${position}`);
  expect(listed.json().data).toContainEqual(shown.json());
  const owner = 'Alicia Smith';
  expect((await calls.get(`/accounts/${account}?${position}`)).json()).toMatchObject({ owner });
  expect((await calls.get(`/accounts/by-owner/${person}?${position}`)).json()).toMatchObject([{ owner }]);
  expect((await calls.get(`/accounts?owner_id=${person}&${position}`)).json().data).toMatchObject([
    { owner },
  ]);
});

it('tells what is read and written after one another apart by their ETags', async () => {
  const registered = await calls.post('/persons', ALICE);
  expect(registered.headers.etag).toBe('"0"');
  const id = registered.json().id;
  const first = await correct({ last_name: 'Jones' }, { 'If-Match': '"0"' }, id);
  expect(first.statusCode).toBe(200);
  const stale = await correct({ last_name: 'Miller' }, { 'If-Match': '"0"' }, id);
  expect(stale.json()).toMatchObject({ status: 412, code: 'precondition-failed' });
  const shown = await calls.get(`/persons/${id}?min_position=${first.headers['openbank-position']}`);
  expect(shown.headers.etag).toBe(first.headers.etag);
  expect(shown.json()).toMatchObject({ last_name: 'Jones' });
});

it('gives its first answer again under its key', async () => {
  const headers = { 'Idempotency-Key': `correct-${person}` };
  const first = await correct({ last_name: 'Jones' }, headers);
  await correct({ last_name: 'Miller' });
  const again = await correct({ last_name: 'Jones' }, headers);
  expect(again.body).toBe(first.body);
  expect(again.headers['idempotency-replayed']).toBe('true');
  const other = await correct({ last_name: 'Miller' }, headers);
  expect(other.json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
});

it('in a dry run answers the same, and changes nothing', async () => {
  const tried = await correct({ last_name: 'Jones' }, {}, person, '?dry_run=true');
  expect(tried.json()).toMatchObject({ first_name: 'Alice', last_name: 'Jones' });
  expect(tried.headers).toMatchObject({ 'openbank-dry-run': 'true' });
  expect(tried.headers).not.toHaveProperty('etag');
  expect((await correct({ gender: 'OTHER' })).json()).toMatchObject({ last_name: 'Smith' });
});

it('refuses a birth in the future, and a person that there is not', async () => {
  expect((await correct({ date_of_birth: '2999-01-01' })).json()).toMatchObject({
    status: 422,
    code: 'birth-date-in-future',
    errors: [{ field: 'date_of_birth' }],
  });
  expect((await correct({ last_name: 'Jones' }, {}, NOBODY)).json()).toMatchObject({
    status: 404,
    code: 'person-not-found',
  });
});

it.each<[object, string]>([
  [{}, 'body'],
  [[], 'body'],
  [{ first_name: null }, 'first_name'],
  [{ first_name: '' }, 'first_name'],
  [{ first_name: ' ' }, 'first_name'],
  [{ last_name: 'A\nB' }, 'last_name'],
  [{ last_name: 'x'.repeat(101) }, 'last_name'],
  [{ date_of_birth: '1990-02-30' }, 'date_of_birth'],
  [{ date_of_birth: '15.05.1990' }, 'date_of_birth'],
  [{ nationality: 'ZZ' }, 'nationality'],
  [{ gender: 'female' }, 'gender'],
  [{ nick_name: 'Al' }, 'nick_name'],
  [{ id: NOBODY }, 'id'],
  [{ created_at: '2025-11-24T21:55:10.123456Z' }, 'created_at'],
  [{ address: 'Main Street' }, 'address'],
  [{ address: { city: 'Springfield' } }, 'address.country'],
  [{ address: { ...ADDRESS, planet: 'Mars' } }, 'address.planet'],
  [{ address: { ...ADDRESS, city: 'two\nlines' } }, 'address.city'],
])('refuses to change %j and names %s', async (payload, field) => {
  const answer = await correct(payload);
  expect(answer.json()).toMatchObject({ status: 400, code: 'malformed' });
  const errors: { readonly field: string; readonly message: string }[] = answer.json().errors;
  expect(errors.map((error) => error.field)).toContain(field);
  for (const { message } of errors) expect(message).toMatch(/^(must|is) /);
  expect(answer.body).not.toContain('Springfield');
});

it('refuses to change without a body, and an id that is none', async () => {
  const url = `/api/v1/persons/${person}`;
  const answer = await bank.app.inject({ method: 'PATCH', url });
  expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'body', message: 'is missing' }] });
  const wrong = await correct({ last_name: 'Jones' }, {}, 'x');
  expect(wrong.json()).toMatchObject({ status: 400, errors: [{ field: 'id' }] });
});
