import { expect, test } from 'vitest';
import { createIdFilter } from './id-filter.ts';

const IDS_PER_RUN = 1_000;

const idOf = (run: number, number: number): string => `document-${run}@${number}`;

function filled(runs: number) {
  const filter = createIdFilter(IDS_PER_RUN);
  for (let run = 0; run < runs; run++) {
    for (let number = 0; number < IDS_PER_RUN; number++) filter.add(run, idOf(run, number));
  }
  return filter;
}

test('names the run of every id that was added, however many runs there are, the newest first', () => {
  const filter = filled(70);
  for (let run = 0; run < 70; run++) {
    for (let number = 0; number < IDS_PER_RUN; number += 50) {
      const runs = filter.runsOf(idOf(run, number));
      expect(runs).toContain(run);
      expect(runs).toEqual([...runs].sort((a, b) => b - a));
    }
  }
});

test('names a run for a new id once in a few hundred', () => {
  const filter = filled(10);
  let named = 0;
  for (let number = 0; number < 10_000; number++) named += filter.runsOf(`new-${number}`).length;
  expect(named / 100_000).toBeLessThan(1 / 200);
});

test('names none where nothing was added', () => {
  expect(createIdFilter(3).runsOf('a')).toEqual([]);
});

test('is the same again from its stored bits, and takes none of another size', () => {
  const filter = filled(34);
  const again = createIdFilter(IDS_PER_RUN);
  for (const run of [33, 0, 31]) expect(again.restore(run, filter.bitsOf(run))).toBe(true);
  for (const run of [33, 0, 31]) {
    expect(again.runsOf(idOf(run, 5))).toContain(run);
    expect(again.bitsOf(run)).toEqual(filter.bitsOf(run));
  }
  expect(again.runsOf(idOf(12, 5))).not.toContain(12);
  expect(again.restore(1, new Uint8Array(7))).toBe(false);
  expect(again.bitsOf(1).every((byte) => byte === 0)).toBe(true);
});

test('takes text that is not well formed for what SQLite stores of it', () => {
  const filter = createIdFilter(3);
  filter.add(0, 'a\ud800');
  expect(filter.runsOf('a\ufffd')).toEqual([0]);
});
