import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesIn } from '../moving/bank-address.ts';
import { type Calls, callsTo, type Headers } from '../testing/calls.ts';
import { type FileBank, openFileBank } from '../testing/file-bank.ts';
import { type ProgramDirectory, programDirectory } from '../testing/program-directory.ts';
import { verifyBank } from '../verify/verify-bank.ts';

/** Calls at once that change what an account may do, on the real engine. */
let directory: ProgramDirectory;
let bank: FileBank;
let calls: Calls;
let owner: string;
beforeAll(async () => {
  directory = programDirectory();
  bank = await openFileBank(directory);
  calls = callsTo(bank.app);
  owner = await calls.registerAlice();
});
afterAll(async () => {
  await bank.close();
  directory.remove();
});

type Answers = readonly LightMyRequestResponse[];
const times = <Value>(count: number, make: (nth: number) => Value) =>
  Array.from({ length: count }, (_, nth) => make(nth));
const isDone = ({ statusCode }: LightMyRequestResponse) => statusCode === 200;
const refusals = (answers: Answers) =>
  answers.filter((answer) => !isDone(answer)).map(({ json }) => json().code);
const open = (fields: object = {}) => calls.openAccount(owner, fields);
const withdraw = (account: string, amount = '1.00') =>
  calls.post(`/accounts/${account}/withdrawal`, { amount });
const change = (account: string, what: string, headers?: Headers) =>
  calls.post(`/accounts/${account}/${what}`, {}, headers);
const changeLimit = (account: string, overdraft_limit: number) =>
  bank.app.inject({
    method: 'PUT',
    url: `/api/v1/accounts/${account}/overdraft-limit`,
    payload: { overdraft_limit },
  });
/** The account once it shows all that was done. */
async function shown(account: string, answers: Answers) {
  const positions = answers.filter(isDone).map(({ headers }) => String(headers['openbank-position']));
  return (await calls.get(`/accounts/${account}?min_position=${positions.sort().at(-1)}`)).json();
}

it('closes an account once, and puts nothing into one that is closed', async () => {
  const account = await open();
  const moves = times(20, (nth) =>
    nth === 7 || nth === 12 ? change(account, 'close') : calls.deposit(account, 1),
  );
  const answers = await Promise.all(moves);
  const deposits = answers.filter(({ statusCode, json }) => statusCode === 200 && json().transaction);
  const { status, balance } = await shown(account, answers);
  expect(balance).toBe(`${deposits.length}.00`);
  expect(status).toBe(deposits.length > 0 ? 'OPEN' : 'CLOSED');
  const codes = status === 'OPEN' ? ['balance-not-zero'] : ['account-closed'];
  expect(new Set(refusals(answers))).toEqual(new Set(codes));
});

it('answers all of many closings under one key alike, and those under their own as refused', async () => {
  const account = await open();
  const answers = await Promise.all(
    times(20, (nth) =>
      change(account, 'close', {
        'Idempotency-Key': nth % 2 === 0 ? `close-${account}` : `${account}-${nth}`,
      }),
    ),
  );
  const ofOneKey = answers.filter((_, nth) => nth % 2 === 0);
  const done = answers.filter(isDone);
  expect(new Set(ofOneKey.map(({ statusCode }) => statusCode)).size).toBe(1);
  expect(new Set(done.map(({ body }) => body)).size).toBe(1);
  expect(done.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1);
  expect(new Set(refusals(answers))).toEqual(new Set(['account-closed']));
});

it('pays nothing out once it has said that the account is frozen', async () => {
  const account = await open({ overdraft_limit: 100 });
  const answers = await Promise.all(
    times(30, (nth) => (nth === 9 ? change(account, 'freeze') : withdraw(account))),
  );
  const paid = answers.filter((answer) => isDone(answer) && answer.json().transaction);
  expect(refusals(answers)).toEqual(times(29 - paid.length, () => 'account-frozen'));
  expect(await shown(account, answers)).toMatchObject({ status: 'FROZEN', balance: `-${paid.length}.00` });
  expect((await withdraw(account)).json().code).toBe('account-frozen');
});

const EXPECTED = ['account-closed', 'balance-not-zero'];

it('moves nothing to or from an account once that is closed', async () => {
  const other = await open({ overdraft_limit: 100 });
  for (let round = 0; round < 20; round++) {
    const account = await open({ overdraft_limit: 1 });
    const between = (from_account_id: string, to_account_id: string) =>
      calls.post('/transactions/transfer', { from_account_id, to_account_id, amount: '1.00' });
    const moves = [
      () => between(other, account),
      () => between(account, other),
      () => change(account, 'close'),
      () => between(other, account),
    ];
    const first = round % moves.length;
    const answers = await Promise.all(
      [...moves.slice(first), ...moves.slice(0, first)].map((move) => move()),
    );
    const { status, balance } = await shown(account, answers);
    expect(refusals(answers).filter((code) => !EXPECTED.includes(code))).toEqual([]);
    if (status === 'CLOSED') expect(balance).toBe('0.00');
    else expect(refusals(answers)).toContain('balance-not-zero');
  }
});

it('lets nobody use an overdraft limit that is cut, nor cuts one that is used', async () => {
  for (let round = 0; round < 20; round++) {
    const account = await open({ overdraft_limit: 10 });
    const answers = await Promise.all([
      ...times(5, () => withdraw(account, '4.00')),
      ...times(3, (nth) => changeLimit(account, nth * 4)),
      ...times(2, () => withdraw(account, '4.00')),
    ]);
    const { balance, overdraft_limit } = await shown(account, answers);
    expect(Number(balance)).toBeGreaterThanOrEqual(-Number(overdraft_limit));
    const codes = refusals(answers).filter((code) => code !== 'insufficient-funds');
    expect(codes.filter((code) => code !== 'overdraft-limit-in-use')).toEqual([]);
  }
});

it('pays interest for a period once, and reverses a transaction once', async () => {
  const account = await open();
  const paid = await Promise.all(
    times(20, (nth) =>
      calls.post('/transactions/interest', {
        account_id: account,
        amount: `${nth + 1}.00`,
        period: '2026-09',
      }),
    ),
  );
  const [interest] = paid.filter(isDone);
  expect(refusals(paid)).toEqual(times(19, () => 'interest-already-recorded'));
  await shown(account, paid);
  const { id } = interest?.json().transaction ?? {};
  const reversed = await Promise.all(times(20, () => calls.post(`/transactions/${id}/reversal`, {})));
  expect(refusals(reversed)).toEqual(times(19, () => 'already-reversed'));
  expect((await shown(account, reversed)).balance).toBe('0.00');
});

it('loses none of many corrections, and counts right who opens and closes accounts at once', async () => {
  const person = await calls.registerAlice();
  const correct = (payload: object) =>
    bank.app.inject({ method: 'PATCH', url: `/api/v1/persons/${person}`, payload });
  const accounts = await Promise.all(times(5, () => calls.openAccount(person)));
  const wanted = { first_name: 'Alicia', last_name: 'Jones', nationality: 'FR', gender: 'OTHER' };
  const answers = await Promise.all([
    ...accounts.map((account) => change(account, 'close')),
    ...Object.entries(wanted).map(([name, value]) => correct({ [name]: value })),
    ...times(5, () => calls.post('/accounts', { owner_id: person })),
  ]);
  expect(answers.filter(({ statusCode }) => statusCode >= 400)).toEqual([]);
  expect((await correct({ date_of_birth: '1991-01-01' })).json()).toMatchObject(wanted);
});

it('leaves a log after all of this in which nothing is found', async () => {
  const { findings } = await verifyBank({
    ...filesIn(directory.data),
    masterKey: undefined,
    personalData: true,
    onProgress() {},
  });
  expect(findings).toEqual([]);
});
