import { expect, it } from 'vitest';
import { createDice } from './dice.ts';

it('falls alike for the same seed and words, and else otherwise', () => {
  const roll = (seed: string, ...words: readonly (string | number)[]) =>
    createDice(seed).between(0, 1_000_000, ...words);
  expect(roll('1', 'salary', 3)).toBe(roll('1', 'salary', 3));
  expect(new Set([roll('1', 'salary', 3), roll('2', 'salary', 3), roll('1', 'salary', 4)]).size).toBe(3);
});

it('stays within its bounds, and reaches both', () => {
  const dice = createDice('1');
  const rolled = new Set(Array.from({ length: 200 }, (_, at) => dice.between(2, 4, at)));
  expect([...rolled].sort()).toEqual([2, 3, 4]);
});
