import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { batchesSuite } from '../testing/bank-suite/batches.ts';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

describe('a batch', () => batchesSuite(openMemoryBank));

let bank: MemoryBank;
let calls: Calls;
let owner: string;
let a: string;
let b: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
  owner = await calls.registerAlice();
});
beforeEach(async () => {
  [a, b] = [await calls.openAccount(owner), await calls.openAccount(owner)];
});
afterAll(() => bank.close());

const NOBODY = '0'.repeat(32);
const batch = (mode: unknown, items: unknown, headers = {}, query = '') =>
  calls.post(`/transactions/batch${query}`, { mode, items }, headers);
const deposit = (amount: unknown, more: object = {}) => ({ type: 'deposit', account_id: a, amount, ...more });
const sides = () => ({
  ...{ type: 'transfer', from_account_id: a, to_account_id: b, amount: '1.00', fee: '0.50' },
});
const times = <Item>(count: number, make: (nth: number) => Item) =>
  Array.from({ length: count }, (_, nth) => make(nth));
const balanceOf = async (account: string) => (await calls.deposit(account, '1.00')).json().balance;

describe.each(['atomic', 'independent'])('%s', (mode) => {
  it('takes a thousand items, in their order', async () => {
    const done = await batch(
      mode,
      times(1_000, () => deposit('0.01')),
    );
    expect(done.statusCode).toBe(200);
    const items: readonly { index: number; status: string; balance: string }[] = done.json().items;
    expect(items.map(({ index }) => index)).toEqual(times(1_000, (nth) => nth));
    expect(items.every(({ status }) => status === 'done')).toBe(true);
    expect(items.map(({ balance }) => balance)).toEqual(times(1_000, (nth) => ((nth + 1) / 100).toFixed(2)));
    expect(await balanceOf(a)).toBe('11.00');
  });

  it('takes a thousand transfers with a fee and much said of each', async () => {
    await calls.deposit(a, '3000.00');
    const metadata = { a: '7'.repeat(200), b: '8'.repeat(200), c: '9'.repeat(200) };
    const said = { description: 'x'.repeat(500), reference: 'r'.repeat(100), metadata };
    const done = await batch(
      mode,
      times(1_000, () => ({ ...sides(), ...said })),
    );
    expect(done.statusCode).toBe(200);
    const items: readonly { status: string }[] = done.json().items;
    expect(items.filter(({ status }) => status !== 'done')).toEqual([]);
    expect(items.at(-1)).toMatchObject({ balance: '1500.00', transaction: said, fee: { amount: '0.50' } });
  });

  it.each<[string, unknown, string]>([
    ['no items', [], 'items'],
    ['more than a thousand', times(1_001, () => deposit('0.01')), 'items'],
    ['what is no list', { 0: deposit('1.00') }, 'items'],
    ['nothing', undefined, 'items'],
    ['an item of no type', [{ account_id: NOBODY, amount: '1' }], 'items.0'],
    ['an item of a type that there is not', [{ type: 'reversal' }], 'items.0'],
    ['an item in capitals', [deposit('1', { type: 'DEPOSIT' })], 'items.0'],
    ['an item that is none', [deposit('1'), null], 'items.1'],
    ['a deposit with a period', [deposit('1', { period: '2026' })], 'items.0.period'],
    ['a deposit with a fee', [deposit('1', { fee: '1' })], 'items.0.fee'],
    ['a batch in it', [{ type: 'batch', mode: 'atomic', items: [] }], 'items.0'],
  ])('does not take %s', async (_, items, field) => {
    const answer = await batch(mode, items);
    expect(answer.json()).toMatchObject({ status: 400, code: 'malformed' });
    const fields = answer.json().errors.map((error: { field: string }) => error.field);
    expect(fields.some((each: string) => each.startsWith(field))).toBe(true);
  });

  it('does not take more than 2 MiB, and takes more than another call', async () => {
    const large = (count: number) =>
      times(count, () => deposit('1.00', { description: '\u00e9'.repeat(490) }));
    const { length } = JSON.stringify(large(1));
    expect(length).toBeLessThan(1_000);
    expect((await batch(mode, large(100))).statusCode).toBe(200);
    const padded = times(1_000, () =>
      deposit('1.00', { metadata: { pad: '\u{1f600}'.repeat(200) }, description: '\u{1f600}'.repeat(400) }),
    );
    const answer = await batch(mode, padded);
    expect(answer.json()).toMatchObject({ status: 413, code: 'too-large' });
    expect(await balanceOf(a)).toBe('101.00');
  });

  it('as a dry run says what would be done, and does nothing', async () => {
    const key = { 'Idempotency-Key': `dry-${mode}-${a}` };
    const tried = await batch(
      mode,
      [deposit('5.00'), deposit('1.00', { account_id: b })],
      key,
      '?dry_run=true',
    );
    expect(tried.statusCode).toBe(200);
    expect(tried.headers['openbank-dry-run']).toBe('true');
    expect(tried.headers).not.toHaveProperty('openbank-position');
    expect(tried.json().items).toMatchObject([
      { index: 0, status: 'done', balance: '5.00' },
      { index: 1, status: 'done', balance: '1.00' },
    ]);
    const done = await batch(mode, [deposit('5.00'), deposit('2.00', { account_id: b })], key);
    expect(done.json().items).toMatchObject([{ balance: '5.00' }, { balance: '2.00' }]);
  });

  it('is about no single account, so that it takes no If-Match', async () => {
    const answer = await batch(mode, [deposit('1.00')], { 'If-Match': '"9"' });
    expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'If-Match' }] });
  });
});

it.each([undefined, null, 'Atomic', 'all', '', ['atomic']])('is not taken in the mode %j', async (mode) => {
  expect((await batch(mode, [deposit('1')])).json()).toMatchObject({
    status: 400,
    errors: [{ field: 'mode' }],
  });
});

it('refuses what it does not know beside its items', async () => {
  const answer = await calls.post('/transactions/batch', { mode: 'atomic', items: [deposit('1')], key: 'k' });
  expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'key' }] });
});

it.each(['atomic', 'independent'])('of a thousand items lets others in between: %s', async (kind) => {
  const answered: string[] = [];
  const note = (name: string) => () => void answered.push(name);
  const batches = times(6, () =>
    batch(
      kind,
      times(1_000, () => deposit('0.01')),
    ).then(note('batch')),
  );
  const alone = calls.deposit(b, '1.00').then(note('deposit'));
  await Promise.all([...batches, alone]);
  expect(answered.indexOf('deposit')).toBeLessThan(3);
});

describe('atomic', () => {
  it('records whatever fits into a body in one commit', async () => {
    await calls.deposit(a, '3000.00');
    const said = {
      description: 'x'.repeat(500),
      metadata: { a: '6'.repeat(200), b: '7'.repeat(200), c: '8'.repeat(200), d: '9'.repeat(200) },
    };
    const items = times(1_000, () => ({ ...sides(), ...said }));
    const done: readonly { status: string }[] = (await batch('atomic', items)).json().items;
    expect(done.every(({ status }) => status === 'done')).toBe(true);
  });

  it('refuses items with keys of their own, and names each', async () => {
    const items = [
      deposit('1'),
      deposit('1', { idempotency_key: 'own' }),
      deposit('1', { idempotency_key: 'o' }),
    ];
    const answer = await batch('atomic', items);
    expect(answer.json()).toMatchObject({
      status: 400,
      errors: [{ field: 'items.1.idempotency_key' }, { field: 'items.2.idempotency_key' }],
    });
  });

  it.each<[string, object, number, string, string]>([
    ['an amount of nothing', { amount: '0.00' }, 400, 'malformed', 'amount'],
    ['too many digits', { amount: '1.001' }, 400, 'malformed', 'amount'],
    ['a day that there is not', { amount: 1, value_date: '2026-02-30' }, 400, 'malformed', 'value_date'],
    ['no such account', { amount: 1, account_id: NOBODY }, 404, 'account-not-found', 'account_id'],
    [
      'a reserved system account',
      { amount: 1, system_account: 'transfers' },
      400,
      'malformed',
      'system_account',
    ],
  ])('names the item with %s', async (_, more, status, code, field) => {
    const answer = await batch('atomic', [deposit('1.00'), deposit('1.00'), deposit('1', more)]);
    expect(answer.json()).toMatchObject({ status, code, errors: [{ field: `items.2.${field}` }] });
    expect(await balanceOf(a)).toBe('1.00');
  });

  it('names the transfer whose fee, whose payee or whose currency is wrong', async () => {
    await calls.deposit(a, '10.00');
    const yen = await calls.openAccount(owner, { currency: 'JPY' });
    const sides = { type: 'transfer', from_account_id: a, to_account_id: b, amount: '1.00' };
    const refused = async (item: object) =>
      (await batch('atomic', [deposit('1'), { ...sides, ...item }])).json();
    expect(await refused({ fee: '0' })).toMatchObject({ errors: [{ field: 'items.1.fee' }] });
    expect(await refused({ fee: '99.00' })).toMatchObject({ code: 'insufficient-funds' });
    expect(await refused({ to_account_id: a })).toMatchObject({
      code: 'same-account',
      errors: [{ field: 'items.1.to_account_id' }],
    });
    expect(await refused({ to_account_id: yen })).toMatchObject({ status: 422, code: 'currency-mismatch' });
    await calls.post(`/accounts/${b}/freeze`, {});
    expect(await refused({})).toMatchObject({ status: 422, code: 'account-frozen' });
    await calls.post(`/accounts/${b}/unfreeze`, {});
    await calls.post(`/accounts/${b}/close`, {});
    expect(await refused({})).toMatchObject({ status: 422, code: 'account-closed' });
  });

  it('refuses a period that was paid, or is paid twice in it', async () => {
    const interest = (period: string) => ({ type: 'interest', account_id: a, amount: '1.00', period });
    const once = { code: 'interest-already-recorded', errors: [{ field: 'items.1.period' }] };
    expect((await batch('atomic', [interest('2026'), interest('2026')])).json()).toMatchObject(once);
    expect((await batch('atomic', [interest('2026'), interest('2027')])).statusCode).toBe(200);
    expect((await batch('atomic', [deposit('1'), interest('2027')])).json()).toMatchObject(once);
  });

  it('refuses what is too much on the way, though it would be right at the end', async () => {
    const items = [{ type: 'withdrawal', account_id: a, amount: '1.00' }, deposit('1.00')];
    expect((await batch('atomic', items)).json()).toMatchObject({ errors: [{ field: 'items.0.amount' }] });
    expect((await batch('atomic', items.toReversed())).statusCode).toBe(200);
    const full = [deposit('9999999999999.99'), deposit('0.02')];
    expect((await batch('atomic', full)).json()).toMatchObject({ code: 'balance-limit-exceeded' });
  });

  it('refuses a key that a deposit has used', async () => {
    const key = { 'Idempotency-Key': `deposit-${a}` };
    await calls.deposit(a, '1.00', key);
    expect((await batch('atomic', [deposit('1.00')], key)).json()).toMatchObject({
      status: 422,
      code: 'idempotency-key-reused',
    });
  });

  it('has one effect when equal ones race', async () => {
    const key = { 'Idempotency-Key': `race-${a}` };
    const answers = await Promise.all(
      times(8, () => batch('atomic', [deposit('1.00'), deposit('2.00')], key)),
    );
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(7);
    expect(await balanceOf(a)).toBe('4.00');
  });

  it('is told apart by the order of its items, as a request is', async () => {
    const key = { 'Idempotency-Key': `order-${a}` };
    await batch('atomic', [deposit('1.00'), deposit('2.00')], key);
    const other = await batch('atomic', [deposit('2.00'), deposit('1.00')], key);
    expect(other.json()).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
  });
});

describe('independent', () => {
  const own = (amount: string, idempotency_key: string) => deposit(amount, { idempotency_key });

  it('does an item once whose key and request are those of one before it', async () => {
    const items = [own('1.00', `twin-${a}`), own('1.00', `twin-${a}`), own('2.00', `twin-${a}`)];
    const done = (await batch('independent', items)).json().items;
    expect(done).toMatchObject([
      { status: 'done', replayed: false, balance: '1.00' },
      { status: 'done', replayed: true, balance: '1.00' },
      { status: 'refused', replayed: false, problem: { status: 422, code: 'idempotency-key-reused' } },
    ]);
    expect(await balanceOf(a)).toBe('2.00');
  });

  it('knows an item by its own key in another call, at another place, beside others', async () => {
    const [first] = (await batch('independent', [own('1.00', `own-${a}`)])).json().items;
    const key = { 'Idempotency-Key': `call-${a}` };
    const again = (await batch('independent', [deposit('2.00'), own('1.00', `own-${a}`)], key)).json().items;
    expect(again).toMatchObject([{ replayed: false }, { ...first, index: 1, replayed: true }]);
  });

  it('refuses an item that is another one than its key has done', async () => {
    const key = { 'Idempotency-Key': `parts-${a}` };
    await batch('independent', [deposit('1.00'), deposit('2.00')], key);
    const items = [deposit('1.00'), deposit('3.00'), deposit('4.00')];
    expect((await batch('independent', items, key)).json().items).toMatchObject([
      { status: 'done', replayed: true },
      { status: 'refused', problem: { code: 'idempotency-key-reused' } },
      { status: 'done', replayed: false },
    ]);
  });

  it('refuses an item by itself that is malformed by the rules of its currency', async () => {
    const items = [
      deposit('1.00'),
      deposit('1.001'),
      deposit('0'),
      deposit('1', { system_account: 'customers' }),
    ];
    expect((await batch('independent', items)).json().items).toMatchObject([
      { status: 'done' },
      { status: 'refused', problem: { status: 400, code: 'malformed', errors: [{ field: 'amount' }] } },
      { status: 'refused', problem: { status: 400, errors: [{ field: 'amount' }] } },
      { status: 'refused', problem: { status: 400, errors: [{ field: 'system_account' }] } },
    ]);
  });

  it('names no position where nothing was done', async () => {
    const { headers } = await batch('independent', [deposit('0')]);
    expect(headers).not.toHaveProperty('openbank-position');
    const done = await batch('independent', [deposit('1.00'), deposit('0'), deposit('2.00')]);
    const shown = await calls.get(`/accounts/${a}?min_position=${done.headers['openbank-position']}`);
    expect(shown.json().balance).toBe('3.00');
  });

  it.each(['', 'two words', 'ünique', 'x'.repeat(256), 7, null])(
    'takes no item with the key %j',
    async (key) => {
      const answer = await batch('independent', [deposit('1.00', { idempotency_key: key })]);
      expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'items.0.idempotency_key' }] });
    },
  );

  it('has one effect for each item when equal ones race', async () => {
    const key = { 'Idempotency-Key': `race-${a}` };
    await Promise.all(times(5, () => batch('independent', [deposit('1.00'), deposit('2.00')], key)));
    expect(await balanceOf(a)).toBe('4.00');
  });

  it('decides its items in their order, also where they lie on several accounts', async () => {
    const c = await calls.openAccount(owner);
    const move = (from: string, to: string) => ({
      ...{ type: 'transfer', from_account_id: from, to_account_id: to, amount: '1.00' },
    });
    const round = [move(a, b), move(b, c), move(c, a)];
    const items = [deposit('1.00'), ...times(20, () => round).flat()];
    const done: readonly { status: string }[] = (await batch('independent', items)).json().items;
    expect(done.filter(({ status }) => status === 'refused')).toEqual([]);
  });
});
