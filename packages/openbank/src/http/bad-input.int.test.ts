import { afterAll, beforeAll, expect, it } from 'vitest';
import { ALICE, type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let calls: Calls;
let person: string;
let account: string;
let other: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
  person = await calls.registerAlice();
  account = await calls.openAccount(person, { overdraft_limit: '10000000000000.00' });
  other = await calls.openAccount(person);
});
afterAll(() => bank.close());

const NOBODY = '0'.repeat(32);
const without = (name: keyof typeof ALICE) => ({ ...ALICE, [name]: undefined });

async function expectMalformed(url: string, payload: object, field: string): Promise<void> {
  const before = (await bank.app.inject('/health/ready')).json().head;
  const answer = await calls.post(url, payload);
  expect(answer.json()).toMatchObject({ status: 400, code: 'malformed' });
  expect(answer.statusCode).toBe(400);
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const errors: { field: string; message: string }[] = answer.json().errors;
  expect(errors.map((error) => error.field)).toContain(field);
  for (const { message } of errors) expect(message).toMatch(/^(must|is) /);
  expect(answer.json().detail).toContain(field);
  expect((await bank.app.inject('/health/ready')).json().head).toBe(before);
}

it.each<[object, string]>([
  [[], 'body'],
  [{}, 'first_name'],
  [without('gender'), 'gender'],
  [{ ...ALICE, first_name: 1 }, 'first_name'],
  [{ ...ALICE, first_name: '' }, 'first_name'],
  [{ ...ALICE, first_name: '   ' }, 'first_name'],
  [{ ...ALICE, first_name: 'A\nB' }, 'first_name'],
  [{ ...ALICE, last_name: 'x'.repeat(101) }, 'last_name'],
  [{ ...ALICE, last_name: '\ud800' }, 'last_name'],
  [{ ...ALICE, date_of_birth: '1990-02-30' }, 'date_of_birth'],
  [{ ...ALICE, date_of_birth: '15.05.1990' }, 'date_of_birth'],
  [{ ...ALICE, nationality: 'ZZ' }, 'nationality'],
  [{ ...ALICE, nationality: 'us' }, 'nationality'],
  [{ ...ALICE, gender: 'female' }, 'gender'],
  [{ ...ALICE, nick_name: 'Al' }, 'nick_name'],
  [{ ...ALICE, address: 'Main Street' }, 'address'],
  [{ ...ALICE, address: {} }, 'address.city'],
  [{ ...ALICE, address: { planet: 'Mars' } }, 'address.planet'],
])('refuses to register %j and names %s', (payload, field) => expectMalformed('/persons', payload, field));

it.each<[object, string]>([
  [{ overdraft_limit: 1 }, 'owner_id'],
  [{ owner_id: 'x' }, 'owner_id'],
  [{ owner_id: NOBODY.toUpperCase().replaceAll('0', 'A') }, 'owner_id'],
  [{ owner_id: NOBODY, overdraft_limit: -1 }, 'overdraft_limit'],
  [{ owner_id: NOBODY, overdraft_limit: null }, 'overdraft_limit'],
  [{ owner_id: NOBODY, currency: 'usd' }, 'currency'],
  [{ owner_id: NOBODY, currency: 'QQQ' }, 'currency'],
  [{ owner_id: NOBODY, currency: 'JPY', overdraft_limit: '1.5' }, 'overdraft_limit'],
  [{ owner_id: NOBODY, balance: 5 }, 'balance'],
])('refuses to open %j and names %s', (payload, field) => expectMalformed('/accounts', payload, field));

it.each<unknown>([
  undefined,
  null,
  '',
  true,
  {},
  [],
  0,
  '0',
  '0.00',
  -1,
  '-1',
  '+1',
  ' 1',
  '1 ',
  '1.',
  '.5',
  '1e3',
  '1,000.00',
  '0x10',
  'NaN',
  'Infinity',
  '١٢',
  '１２',
  0.001,
  '0.001',
  1e21,
  2 ** 53,
  0.1 + 0.2,
])('refuses the amount %j and names it', async (amount) => {
  for (const kind of ['deposit', 'withdrawal']) {
    await expectMalformed(`/transactions/${kind}`, { account_id: account, amount }, 'amount');
    await expectMalformed(`/accounts/${account}/${kind}`, { amount }, 'amount');
  }
  const accounts = { from_account_id: account, to_account_id: other };
  await expectMalformed('/transactions/transfer', { ...accounts, amount }, 'amount');
});

it.each<[string, object, string]>([
  ['/transactions/deposit', { amount: 1 }, 'account_id'],
  ['/transactions/deposit', { account_id: 5, amount: 1 }, 'account_id'],
  ['/transactions/deposit', { account_id: NOBODY, amount: 1, description: 7 }, 'description'],
  ['/transactions/deposit', { account_id: NOBODY, amount: 1, description: 'x'.repeat(501) }, 'description'],
  ['/transactions/deposit', { account_id: NOBODY, amount: 1, description: 'a\u0000b' }, 'description'],
  ['/transactions/deposit', { account_id: NOBODY, amount: 1, amuont: 1 }, 'amuont'],
  ['/accounts/x/deposit', { amount: 1 }, 'id'],
  [`/accounts/${NOBODY}/deposit`, { amount: 1, account_id: NOBODY }, 'account_id'],
  [`/accounts/${NOBODY}/deposit?dry=1`, { amount: 1 }, 'dry'],
  ['/transactions/withdrawal', { amount: 1 }, 'account_id'],
  ['/transactions/withdrawal', { account_id: NOBODY, amount: 1, description: 7 }, 'description'],
  ['/transactions/withdrawal', { account_id: NOBODY, amount: 1, amuont: 1 }, 'amuont'],
  ['/accounts/x/withdrawal', { amount: 1 }, 'id'],
  [`/accounts/${NOBODY}/withdrawal`, { amount: 1, account_id: NOBODY }, 'account_id'],
  ['/transactions/transfer', { to_account_id: NOBODY, amount: 1 }, 'from_account_id'],
  ['/transactions/transfer', { from_account_id: NOBODY, amount: 1 }, 'to_account_id'],
  ['/transactions/transfer', { from_account_id: NOBODY, to_account_id: 'x', amount: 1 }, 'to_account_id'],
  ['/transactions/transfer', { from_account_id: NOBODY, to_account_id: NOBODY, amount: -1 }, 'amount'],
  [
    '/transactions/transfer',
    { from_account_id: NOBODY, to_account_id: NOBODY, amount: 1, description: 'a\u0000b' },
    'description',
  ],
  [
    '/transactions/transfer',
    { from_account_id: NOBODY, to_account_id: NOBODY, amount: 1, account_id: NOBODY },
    'account_id',
  ],
])('refuses POST %s %j and names %s', expectMalformed);

it.each([
  ['/accounts/x', 'id'],
  ['/accounts/by-owner/x', 'owner_id'],
  ['/persons/x', 'id'],
  [`/persons/${NOBODY}?colour=red`, 'colour'],
  [`/persons/${NOBODY}?min_position=`, 'min_position'],
  [`/persons/${NOBODY}?min_position=a&min_position=b`, 'min_position'],
])('refuses GET %s and names %s', async (url, field) => {
  const answer = await calls.get(url);
  expect(answer.statusCode).toBe(400);
  expect(answer.json().errors).toMatchObject([{ field }]);
});

it.each(['', 'a b', 'ü', 'x'.repeat(256)])('refuses the idempotency key %j and names it', async (key) => {
  const answer = await calls.deposit(account, 1, { 'Idempotency-Key': key });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().errors).toMatchObject([{ field: 'Idempotency-Key' }]);
});

it('says once what a field must be', async () => {
  const answer = await calls.post('/persons', { ...ALICE, gender: 1, address: 7 });
  expect(answer.json().errors).toEqual([
    { field: 'gender', message: 'must be MALE, FEMALE or OTHER' },
    { field: 'address', message: 'must be a JSON object' },
  ]);
  const deposit = await calls.deposit(account, '1.00 USD');
  expect(deposit.json().errors).toEqual([
    { field: 'amount', message: 'must be an amount without sign or exponent, such as "1000.00" or 1000' },
  ]);
});

it.each([
  ['', 'is missing'],
  [' ', 'is missing'],
  ['null', 'is missing'],
  ['{', "is not valid JSON: Expected property name or '}' at position 1"],
  ['{"first_name":"Secret",}', 'is not valid JSON: Expected double-quoted property name at position 23'],
  ['{"first_name":', 'is not valid JSON: it ends too early'],
  ['{"amount": NaN}', 'is not valid JSON: unexpected character at position 11'],
  ['NaN', 'is not valid JSON: unexpected character at position 0'],
  [`{"a":[${'1,'.repeat(20_000)}Secret]}`, 'is not valid JSON: unexpected character at position 40006'],
  ['{"__proto__":{}}', 'must not name __proto__, nor prototype in constructor'],
])('says where the body %s is no JSON', async (payload, message) => {
  const headers = { 'content-type': 'application/json' };
  const answer = await bank.app.inject({ method: 'POST', url: '/api/v1/persons', payload, headers });
  expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'body', message }] });
  expect(answer.body).not.toContain('Secret');
});

it('says that a body is missing where not even its type is told', async () => {
  const answer = await bank.app.inject({ method: 'POST', url: '/api/v1/persons' });
  expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'body', message: 'is missing' }] });
});

it.each([
  ['application/json; charset=latin1', 415],
  ['application/json;charset="UTF-16"', 415],
  ['application/json; charset=utf-8', 201],
  ['application/json;charset="UTF-8"', 201],
  ['application/json', 201],
])('takes a body as %s: %i', async (type, status) => {
  const headers = { 'content-type': type };
  const payload = JSON.stringify(ALICE);
  const answer = await bank.app.inject({ method: 'POST', url: '/api/v1/persons', payload, headers });
  expect(answer.statusCode).toBe(status);
});

it('says of an amount with too many digits that it is too large', async () => {
  for (const amount of ['9'.repeat(19), 1e20]) {
    const answer = await calls.deposit(account, amount);
    const message = 'is too large: no account holds so much';
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'amount', message }] });
  }
});

it('says that a path has a slash too many', async () => {
  for (const answer of [
    await calls.post('/persons/', ALICE),
    await calls.post('/transactions/deposit/?x=1', {}),
    await calls.get(`/accounts/${account}/`),
  ]) {
    expect(answer.json()).toMatchObject({ status: 404, code: 'route-not-found' });
    expect(answer.json().detail).toContain('slash at its end');
  }
  expect((await calls.get('/nothing/')).json().detail).not.toContain('slash');
});

it('names at most twenty wrong fields', async () => {
  const unknown = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, 1]));
  const answer = await calls.post('/persons', { ...ALICE, ...unknown });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().errors).toHaveLength(20);
});

it('repeats no value that was sent, since it may be personal', async () => {
  const answer = await calls.post('/persons', { ...ALICE, first_name: 'Secret\u0007', gender: 'Secret' });
  expect(answer.statusCode).toBe(400);
  expect(answer.body).not.toContain('Secret');
});

it('tells what does not exist from what is malformed, also where it is named in a body', async () => {
  for (const answer of [
    await calls.post('/accounts', { owner_id: NOBODY }),
    await calls.get(`/persons/${NOBODY}`),
    await calls.get(`/accounts/by-owner/${NOBODY}`),
  ])
    expect(answer.json()).toMatchObject({ status: 404, code: 'person-not-found' });
  const ownerless = await calls.post('/accounts', { owner_id: NOBODY });
  expect(ownerless.json().errors).toEqual([{ field: 'owner_id', message: 'no person has this id' }]);
  const nowhere = await calls.deposit(NOBODY, 1);
  expect(nowhere.json().errors).toEqual([{ field: 'account_id', message: 'no account has this id' }]);
  for (const answer of [await calls.deposit(NOBODY, 1), await calls.get(`/accounts/${NOBODY}`)])
    expect(answer.json()).toMatchObject({ status: 404, code: 'account-not-found' });
});

it('tells a rule of the bank from bad input', async () => {
  const unborn = await calls.post('/persons', { ...ALICE, date_of_birth: '2999-01-01' });
  expect(unborn.json()).toMatchObject({ status: 422, code: 'birth-date-in-future' });
  const tooMuch = await calls.deposit(account, '10000000000000.01');
  expect(tooMuch.json()).toMatchObject({ status: 422, code: 'balance-limit-exceeded' });
});
