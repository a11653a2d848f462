import { projections } from '@openbank/bank';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Calls, callsTo } from '../testing/calls.ts';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

let bank: MemoryBank;
let calls: Calls;
beforeEach(async () => {
  bank = await openMemoryBank();
  calls = callsTo(bank.app);
});
afterEach(() => bank.close());

it('shows at a position what was written there, every time', async () => {
  const account = await calls.openAccount(await calls.registerAlice());
  for (let round = 1; round <= 30; round++) {
    const position = String((await calls.deposit(account, '1.00')).headers['openbank-position']);
    const shown = await calls.get(`/accounts/${account}?min_position=${position}`);
    expect(shown.json().balance).toBe(`${round}.00`);
  }
});

it('says that a read model is behind, and when to ask again', async () => {
  const account = await calls.openAccount(await calls.registerAlice());
  await calls.get(`/accounts/${account}`);
  await bank.pauseProjections();
  const position = String((await calls.deposit(account, '1.00')).headers['openbank-position']);
  const behind = await calls.get(`/accounts/${account}`, { 'OpenBank-Min-Position': position });
  expect(behind.json()).toMatchObject({ status: 503, code: 'read-model-behind' });
  expect(behind.headers['retry-after']).toBe('1');
  const old = await calls.get(`/accounts/${account}`);
  expect(old.json()).toMatchObject({ balance: '0.00' });
});

it('never says of what exists that it does not', async () => {
  await bank.pauseProjections();
  const person = await calls.registerAlice();
  const account = await calls.openAccount(person);
  for (const url of [`/persons/${person}`, `/accounts/${account}`, `/accounts/by-owner/${person}`]) {
    expect((await calls.get(url)).json()).toMatchObject({ status: 503, code: 'read-model-behind' });
  }
  const nobody = await calls.get(`/persons/${'0'.repeat(32)}`);
  expect(nobody.statusCode).toBe(404);
});

it.each([
  'x',
  '',
  ' 0000000000000001',
  '9'.repeat(129),
  '9999999999999999',
  '0000000000000002',
  '1',
  '0',
  '-1',
  '!',
  '"0000000000000001"',
  '000000000000001',
  '０００００００００００００００１',
])('refuses the position %s, which this bank has not given', async (position) => {
  const person = await calls.registerAlice();
  const answer = await calls.get(`/persons/${person}?min_position=${encodeURIComponent(position)}`);
  expect(answer.json()).toMatchObject({
    status: 400,
    code: 'malformed',
    errors: [{ field: 'min_position' }],
  });
});

it('names the header where the position came in that', async () => {
  const person = await calls.registerAlice();
  const answer = await calls.get(`/persons/${person}`, { 'OpenBank-Min-Position': '9999999999999999' });
  expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'OpenBank-Min-Position' }] });
});

it('refuses two positions that differ', async () => {
  const person = await calls.registerAlice();
  const answer = await calls.get(`/persons/${person}?min_position=0000000000000001`, {
    'OpenBank-Min-Position': '0000000000000000',
  });
  expect(answer.json()).toMatchObject({
    status: 400,
    code: 'malformed',
    errors: [{ field: 'min_position', message: expect.stringContaining('OpenBank-Min-Position') }],
  });
});

it('says how far each projection is', async () => {
  const ready = await bank.app.inject('/health/ready');
  expect(ready.statusCode).toBe(200);
  expect(ready.json()).toMatchObject({ status: 'ready', store: 'ok', head: null });
  await bank.pauseProjections();
  await calls.registerAlice();
  const behind = (await bank.app.inject('/health/ready')).json();
  expect(behind.head).toBe('0000000000000001');
  expect(behind.projections).toMatchObject(
    projections.map(({ name, version }) => ({
      name,
      version,
      status: 'running',
      live: true,
      position: null,
    })),
  );
});
