import { createHash } from 'node:crypto';

/** Chance that falls alike for the same seed and the same words, whatever was asked before. */
export interface Dice {
  /** A whole number from `min` to `max`. */
  between(min: number, max: number, ...words: readonly (string | number)[]): number;
  /** @throws Error - there is nothing to pick from */
  pick<Item>(items: readonly Item[], ...words: readonly (string | number)[]): Item;
}

export function createDice(seed: string): Dice {
  /** From 0 to below 1. */
  function roll(words: readonly (string | number)[]): number {
    const digest = createHash('sha256')
      .update(JSON.stringify([seed, ...words]))
      .digest();
    return digest.readUInt32BE(0) / 2 ** 32;
  }
  const between: Dice['between'] = (min, max, ...words) => min + Math.floor(roll(words) * (max - min + 1));
  return {
    between,
    pick(items, ...words) {
      const item = items[between(0, items.length - 1, ...words)];
      if (item === undefined) throw new Error('There is nothing to pick from.');
      return item;
    },
  };
}
