import v8 from 'node:v8';
import vm from 'node:vm';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createRecentCache } from '../recent-cache.ts';
import type { LoadedState } from './loaded-state.ts';
import { stateWeight } from './state-weight.ts';

v8.setFlagsFromString('--expose-gc');
const collectGarbage: () => void = vm.runInNewContext('gc');

const loaded = (state: unknown, at = 0): LoadedState => ({
  state,
  revision: at,
  link: JSON.parse(`"${String(at).padStart(64, '0')}"`),
  recordedAt: 1_790_000_000_000_000 + at,
});
const weight = (state: unknown) => stateWeight(loaded(state), Number.POSITIVE_INFINITY);

/** Bytes that what `make` gives takes on the heap. */
function heapOf(make: () => unknown): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const made = make();
  collectGarbage();
  const bytes = process.memoryUsage().heapUsed - before;
  return made === undefined ? 0 : bytes;
}

it.each<[string, (at: number) => unknown]>([
  [
    'an account',
    (at) => ({ ownerId: `${at}`.padEnd(32, 'f'), balance: BigInt(at) * 10n ** 9n, status: 'OPEN' }),
  ],
  [
    'a list of ids',
    (at) => Array.from({ length: 100 }, (_, k) => JSON.parse(`"${String(at * 100 + k).padEnd(32, 'f')}"`)),
  ],
  ['nested objects', (at) => ({ a: { b: [{ at }, { at: at + 0.5 }], text: `text of ${at}` } })],
  ['a map', (at) => new Map(Array.from({ length: 50 }, (_, k) => [`${at}-${k}`, BigInt(k)]))],
  ['long text', (at) => ({ text: JSON.parse(`"${String(at).repeat(500)} 漢字"`) })],
])('what %s takes in memory is estimated no lower than it is, and not more than three times', (_, make) => {
  const states = 2_000;
  let estimate = 0;
  const real = heapOf(() => {
    const all = new Map<string, LoadedState>();
    for (let at = 0; at < states; at++) all.set(`bank-account-${at}`.padEnd(45, '0'), loaded(make(at), at));
    for (const each of all.values()) estimate += stateWeight(each, Number.POSITIVE_INFINITY);
    return all;
  });
  expect(estimate).toBeGreaterThan(real * 0.95);
  expect(estimate).toBeLessThan(real * 3);
});

it('a cache of big states takes no more memory than it may', () => {
  const room = 16 * 1024 * 1024;
  const cache = createRecentCache(room, stateWeight);
  const used = heapOf(() => {
    for (let at = 0; at < 1_000; at++) {
      const entries = Array.from({ length: 500 }, (_, k) => ({
        id: `entry ${at} ${k}`,
        note: `${k}`.repeat(50),
      }));
      cache.set(`ledger-${at}`, loaded({ entries }, at));
    }
    return cache;
  });
  expect(cache.get('ledger-999')).toBeDefined();
  expect(cache.get('ledger-0')).toBeUndefined();
  expect(used).toBeLessThan(room);
});

it('what leads back to itself ends, as too heavy', () => {
  const round: { self?: unknown } = {};
  round.self = round;
  expect(stateWeight(loaded(round), 1_000_000)).toBeGreaterThan(1_000_000);
});

it('whatever a state is made of has a weight', () => {
  fc.assert(
    fc.property(
      fc.anything({ withBigInt: true, withMap: true, withSet: true, withTypedArray: true }),
      (state) => {
        expect(weight(state)).toBeGreaterThan(0);
        expect(weight([state, state])).toBeGreaterThan(weight(state));
      },
    ),
  );
});
