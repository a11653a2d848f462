import { describe, expect, it } from 'vitest';
import { type DemoMovement, monthOf, salaryOf } from './demo-month.ts';
import { demoPerson } from './demo-persons.ts';
import { createDice } from './dice.ts';
import { lastMonths } from './months.ts';
import { progressBar } from './progress-bar.ts';

const dice = createDice('1');
const demo = {
  ...{ month: '2026-05', dice, prefix: 'demo-1-', accounts: 2 },
  accountOf: (person: number, account: number) => `account-${person}-${account}`,
};
const month = (number: number, accounts = 2): readonly DemoMovement[] =>
  monthOf(demoPerson(number, dice), { ...demo, accounts });

describe('a month of the demo', () => {
  it.each([0, 1, 2, 3, 40, 41])('leaves person %i with more than before, whatever the order', (number) => {
    const person = demoPerson(number, dice);
    const own = `account-${number}-0`;
    const spent = month(number, 5)
      .filter((move) => ('account_id' in move ? move.account_id : move.from_account_id) === own)
      .filter(({ type }) => type !== 'deposit')
      .reduce((sum, move) => sum + Number(move.amount) + Number('fee' in move ? move.fee : 0), 0);
    expect(spent).toBeLessThan(salaryOf(person, dice) * person.home.priceLevel);
  });

  it('has a key for each movement that no other has', () => {
    const keys = [0, 1, 4, 8].flatMap((number) => month(number)).map((move) => move.idempotency_key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is the same in a larger demo, but for what is more', () => {
    expect(month(9, 3)).toEqual(expect.arrayContaining([...month(9, 2)]));
  });

  it('moves money between those alone who have the same', () => {
    for (let number = 4; number < 40; number++) {
      const gift = month(number).find(({ description }) => description === 'Dinner, shared');
      const friend = gift?.type === 'transfer' ? Number(gift.to_account_id.split('-')[1]) : Number.NaN;
      expect(friend % 4).toBe(number % 4);
      expect(friend).toBeLessThan(number);
    }
  });
});

it('the months are the last whole ones', () => {
  expect(lastMonths('2026-02-28', 3)).toEqual(['2025-11', '2025-12', '2026-01']);
  expect(lastMonths('2026-12-01', 1)).toEqual(['2026-11']);
});

it('the bar grows with what is done', () => {
  expect(progressBar(0, 10, 'accounts')).toBe('[....................] 0 of 10 accounts');
  expect(progressBar(1_500, 3_000, 'transactions')).toBe(
    '[##########..........] 1,500 of 3,000 transactions',
  );
});
