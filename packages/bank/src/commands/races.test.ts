import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { BookedAnswer } from '../answers/transaction.ts';
import { cents, type Outcome, prepareRace, type Race, type Start } from '../testing/race.ts';
import { newContext, newId, type TestBank } from '../testing/test-bank.ts';

const isDone = (outcome: Outcome) => outcome.status === 'fulfilled';
const refusals = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
const answers = (outcomes: readonly Outcome[]) =>
  outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
const at = (accounts: readonly string[], place: number) => accounts[place % accounts.length] ?? '';

describe.each([
  ['in one process', 1],
  ['in two processes', 2],
])('%s', (_, processes) => {
  const races = (title: string, accounts: Start['accounts'], check: (race: Race) => Promise<void>) =>
    test(title, () =>
      fc.assert(
        fc.asyncProperty(fc.scheduler(), async (scheduler) =>
          check(await prepareRace(scheduler, { processes, accounts })),
        ),
        { numRuns: 60 },
      ),
    );

  races(
    'withdrawals that race never pass the limit, and pay all that is there',
    [[10_000n, 500n]],
    async (race) => {
      const [account = ''] = race.accounts;
      const outcomes = await race.run(
        Array.from({ length: 6 }, () => (bank) => bank.withdraw({ accountId: account, amount: '30.00' })),
      );
      expect(outcomes.filter(isDone)).toHaveLength(3);
      expect(refusals(outcomes)).toEqual(Array(3).fill('insufficient-funds'));
      expect(await race.balances()).toEqual([1_000n]);
    },
  );

  races(
    'a transfer and withdrawals that race for the same money pay it once',
    [
      [100n, 0n],
      [0n, 0n],
    ],
    async (race) => {
      const [from = '', to = ''] = race.accounts;
      const outcomes = await race.run([
        (bank) => bank.withdraw({ accountId: from, amount: '1.00' }),
        (bank) => bank.transfer({ fromAccountId: from, toAccountId: to, amount: '1.00' }),
        (bank) => bank.withdraw({ accountId: from, amount: '1.00' }),
      ]);
      expect(outcomes.filter(isDone)).toHaveLength(1);
      expect(refusals(outcomes)).toEqual(['insufficient-funds', 'insufficient-funds']);
      const [left, got] = await race.balances();
      expect(left).toBe(0n);
      expect(got).toBe(outcomes[1] !== undefined && isDone(outcomes[1]) ? 100n : 0n);
    },
  );

  races(
    'a withdrawal that races a transfer in is paid after it or refused before it',
    [
      [100n, 0n],
      [0n, 0n],
    ],
    async (race) => {
      const [from = '', to = ''] = race.accounts;
      const [transferred, withdrawn] = await race.run([
        (bank) => bank.transfer({ fromAccountId: from, toAccountId: to, amount: '1.00' }),
        (bank) => bank.withdraw({ accountId: to, amount: '1.00' }),
      ]);
      expect(transferred).toMatchObject({ status: 'fulfilled', value: { answer: { balance: '0.00' } } });
      const isPaid = withdrawn !== undefined && isDone(withdrawn);
      if (!isPaid) expect(refusals(withdrawn ? [withdrawn] : [])).toEqual(['insufficient-funds']);
      expect(await race.balances()).toEqual([0n, isPaid ? 0n : 100n]);
    },
  );

  races(
    'transfers in both directions at once all end, and move what they say',
    [
      [500n, 0n],
      [500n, 0n],
    ],
    async (race) => {
      const [one = '', two = ''] = race.accounts;
      const outcomes = await race.run(
        [1, 2, 3, 4].map((nth) => (bank) => {
          const there = { fromAccountId: one, toAccountId: two };
          const back = { fromAccountId: two, toAccountId: one };
          return bank.transfer({ ...(nth % 2 === 0 ? back : there), amount: `${nth}.00` });
        }),
      );
      expect(refusals(outcomes).filter((code) => code !== 'insufficient-funds')).toEqual([]);
      const [first = 0n, second = 0n] = await race.balances();
      expect(first + second).toBe(1_000n);
      if (outcomes.every(isDone)) expect(first).toBe(500n - 100n + 200n - 300n + 400n);
    },
  );

  races(
    'transfers around a ring all end, merged or not, and leave all as it was',
    [
      [100n, 0n],
      [100n, 0n],
      [100n, 0n],
    ],
    async (race) => {
      const around = [0, 1, 2, 0, 1, 2].map(
        (from) => (bank: TestBank) =>
          bank.transfer({
            fromAccountId: at(race.accounts, from),
            toAccountId: at(race.accounts, from + 1),
            amount: '0.50',
          }),
      );
      const outcomes = await race.run(around);
      expect(refusals(outcomes)).toEqual([]);
      expect(await race.balances()).toEqual([100n, 100n, 100n]);
    },
  );

  races(
    'equal keys have one effect and one answer, different keys have one each',
    [
      [1_000n, 0n],
      [0n, 0n],
    ],
    async (race) => {
      const [from = '', to = ''] = race.accounts;
      const transfer = (key: string) => (bank: TestBank) =>
        bank.transfer({ fromAccountId: from, toAccountId: to, amount: '1.00' }, newContext(key));
      const outcomes = answers(await race.run(['a', 'a', 'b', 'a', 'b'].map(transfer)));
      expect(outcomes).toHaveLength(5);
      expect(outcomes.filter(({ replayed }) => !replayed)).toHaveLength(2);
      const [a, again, b] = outcomes;
      expect(again?.answer).toEqual(a?.answer);
      expect(b?.answer).not.toEqual(a?.answer);
      expect(await race.balances()).toEqual([800n, 200n]);
    },
  );

  races(
    'an equal key that takes all there is gets its first answer again, never a refusal',
    [[100n, 0n]],
    async (race) => {
      const [account = ''] = race.accounts;
      const outcomes = await race.run(
        [1, 2, 3].map(
          () => (bank: TestBank) => bank.withdraw({ accountId: account, amount: '1.00' }, newContext('all')),
        ),
      );
      expect(refusals(outcomes)).toEqual([]);
      expect(new Set(answers(outcomes).map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
      expect(await race.balances()).toEqual([0n]);
    },
  );

  races('an account is opened once, whoever races to open it', [], async (race) => {
    const accountId = newId();
    const open = (key: string) => (bank: TestBank) =>
      bank.open({ accountId, ownerId: race.owner }, newContext(key));
    const outcomes = await race.run(['a', 'b', 'a'].map(open));
    const [first, other] = outcomes;
    if (first === undefined || other === undefined) throw new Error('All were asked.');
    expect(isDone(first)).not.toBe(isDone(other));
    expect(isDone(outcomes[2] ?? first)).toBe(isDone(first));
    expect(new Set(refusals(outcomes))).toEqual(new Set(['account-already-open']));
  });

  races('corrections of different details that race all arrive', [], async (race) => {
    const all = { first_name: 'Alicia', last_name: 'Jones', nationality: 'FR', gender: 'OTHER' } as const;
    const each = Object.entries(all).map(([name, value]) => ({ [name]: value }));
    const outcomes = await race.run(
      each.map((changes) => (bank) => bank.correct({ personId: race.owner, changes })),
    );
    expect(refusals(outcomes)).toEqual([]);
    const last = await race.run([
      (bank) => bank.correct({ personId: race.owner, changes: { date_of_birth: '1991-01-01' } }),
    ]);
    expect(answers(last)[0]?.answer).toMatchObject({ ...all, date_of_birth: '1991-01-01' });
  });

  races('a correction that races itself under one key is recorded once', [], async (race) => {
    const correction = (bank: TestBank) =>
      bank.correct({ personId: race.owner, changes: { last_name: 'Jones' } }, newContext('key'));
    const outcomes = answers(await race.run([correction, correction, correction]));
    expect(outcomes).toHaveLength(3);
    expect(outcomes.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(outcomes.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
  });

  races(
    'money whose arrival was acknowledged can be taken out at once, whoever knew of none',
    [
      [100n, 0n],
      [0n, 0n],
    ],
    async (race) => {
      const [from = '', to = ''] = race.accounts;
      const outcomes = await race.run([
        async (bank, other) => {
          const empty = await Promise.allSettled([bank.withdraw({ accountId: to, amount: '1.00' })]);
          expect(refusals(empty)).toEqual(['insufficient-funds']);
          await other.transfer({ fromAccountId: from, toAccountId: to, amount: '1.00' });
          return bank.withdraw({ accountId: to, amount: '1.00' });
        },
      ]);
      expect(refusals(outcomes)).toEqual([]);
      expect(await race.balances()).toEqual([0n, 0n]);
    },
  );

  test('whatever races, what was answered was booked once, and nothing else was', async () => {
    const place = fc.nat({ max: 2 });
    const amount = fc.bigInt({ min: 1n, max: 200n }).map(cents);
    const kind = fc.constantFrom('deposit', 'withdrawal', 'transfer');
    const key = fc.option(fc.constantFrom('k', 'l'), { nil: undefined });
    const moves = fc.array(fc.record({ kind, from: place, to: place, amount, key }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), moves, async (scheduler, wanted) => {
        const race = await prepareRace(scheduler, {
          processes,
          accounts: [
            [100n, 0n],
            [100n, 50n],
            [0n, 0n],
          ],
        });
        const before = await race.balances();
        const calls = wanted
          .filter(({ kind: what, from, to }) => what !== 'transfer' || from !== to)
          .map(({ kind: what, from, to, amount: much, key: name }) => (bank: TestBank) => {
            const context = newContext(name && `${name}-${what}`);
            const [payer, payee] = [at(race.accounts, from), at(race.accounts, to)];
            if (what === 'deposit') return bank.deposit({ accountId: payee, amount: much }, context);
            if (what === 'withdrawal') return bank.withdraw({ accountId: payer, amount: much }, context);
            return bank.transfer({ fromAccountId: payer, toAccountId: payee, amount: much }, context);
          });
        const outcomes = await race.run(calls);
        expect(refusals(outcomes).filter((code) => code !== 'insufficient-funds')).toEqual([]);
        expect(await race.balances()).toEqual(after(race.accounts, before, outcomes));
      }),
      { numRuns: 100 },
    );
  });
});

/** What the accounts must have after what was answered, each transaction once. */
function after(accounts: readonly string[], before: readonly bigint[], outcomes: readonly Outcome[]) {
  const booked = new Map<string, BookedAnswer['transaction']>();
  for (const { answer } of answers(outcomes)) {
    const { transaction } = answer as BookedAnswer;
    booked.set(transaction.id, transaction);
  }
  return accounts.map((id, place) =>
    [...booked.values()].reduce((balance, { amount, from_account_id: from, to_account_id: to }) => {
      const minor = BigInt(amount.replace('.', ''));
      return balance + (to === id ? minor : 0n) - (from === id ? minor : 0n);
    }, before[place] ?? 0n),
  );
}
