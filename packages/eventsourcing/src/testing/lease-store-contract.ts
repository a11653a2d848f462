import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LeaseStore } from '../leases/lease-store.ts';

/** Where the suite gets its stores from. */
export interface LeaseStoreSource {
  /** An empty store. */
  open(): Promise<LeaseStore>;
  /** Lets so many milliseconds pass by the store's clock. Default: they are waited for. */
  passTime?(milliseconds: number): Promise<void>;
  /** Removes what `open` left behind. */
  cleanUp?(): Promise<void>;
}

/** Milliseconds that no test lasts. */
const LONG = 600_000;
/** Milliseconds that a test waits for. */
const SHORT = 300;

/** The definition of a `LeaseStore`: every engine passes it. */
export function leaseStoreContract(name: string, source: LeaseStoreSource): void {
  describe(`lease store: ${name}`, () => {
    let store: LeaseStore;
    beforeEach(async () => {
      store = await source.open();
    });
    afterEach(async () => {
      await store.close();
      await source.cleanUp?.();
    });
    const passTime = source.passTime ?? ((milliseconds) => sleep(milliseconds));
    /** Until what lasts for SHORT has run out, by clocks that differ a little. */
    const expire = () => passTime(SHORT + 100);
    const leasesOf = async (holder: string, duration = LONG) =>
      Object.fromEntries((await store.heartbeat(holder, duration)).leases);
    const holdersAsOf = async (holder: string, duration = LONG) =>
      (await store.heartbeat(holder, duration)).holders;

    describe('a lease', () => {
      test('is held by one holder at a time', async () => {
        expect(await store.acquire('a', 'ann', LONG)).toBe(true);
        expect(await store.acquire('a', 'bob', LONG)).toBe(false);
        expect(await leasesOf('bob')).toEqual({ a: 'ann' });
      });

      test('is the holder’s own when it asks again', async () => {
        await store.acquire('a', 'ann', LONG);
        expect(await store.acquire('a', 'ann', LONG)).toBe(true);
        expect(await leasesOf('ann')).toEqual({ a: 'ann' });
      });

      test('goes to one of all who ask for it at once', async () => {
        const names = Array.from({ length: 10 }, (_, index) => `holder-${index}`);
        for (const lease of ['a', 'b', 'c']) {
          const taken = await Promise.all(names.map((holder) => store.acquire(lease, holder, LONG)));
          expect(taken.filter(Boolean)).toHaveLength(1);
          expect(await leasesOf('someone')).toMatchObject({ [lease]: names[taken.indexOf(true)] });
        }
      });

      test('goes to one of all who ask for it at once after it has run out', async () => {
        await store.acquire('a', 'ann', SHORT);
        await expire();
        const names = Array.from({ length: 10 }, (_, index) => `holder-${index}`);
        const taken = await Promise.all(names.map((holder) => store.acquire('a', holder, LONG)));
        expect(taken.filter(Boolean)).toHaveLength(1);
        expect(await leasesOf('someone')).toEqual({ a: names[taken.indexOf(true)] });
      });

      test('runs out, and can be taken by another then', async () => {
        await store.acquire('a', 'ann', SHORT);
        await expire();
        expect(await leasesOf('bob')).toEqual({});
        expect(await store.acquire('a', 'bob', LONG)).toBe(true);
        expect(await store.acquire('a', 'ann', LONG)).toBe(false);
      });

      test('is one of several, each with a holder of its own', async () => {
        await store.acquire('a', 'ann', LONG);
        await store.acquire('b', 'bob', LONG);
        await store.acquire('c', 'ann', LONG);
        expect(await leasesOf('ann')).toEqual({ a: 'ann', b: 'bob', c: 'ann' });
      });

      test('lasts from when it was asked for again, also for less', async () => {
        await store.acquire('a', 'ann', LONG);
        await store.acquire('a', 'ann', SHORT);
        await expire();
        expect(await store.acquire('a', 'bob', LONG)).toBe(true);
      });
    });

    describe('giving back', () => {
      test('a lease that is released can be taken at once', async () => {
        await store.acquire('a', 'ann', LONG);
        await store.release('a', 'ann');
        expect(await leasesOf('bob')).toEqual({});
        expect(await store.acquire('a', 'bob', LONG)).toBe(true);
      });

      test('nobody releases the lease of another, or one that there is not', async () => {
        await store.acquire('a', 'ann', LONG);
        await store.release('a', 'bob');
        await store.release('b', 'bob');
        expect(await leasesOf('bob')).toEqual({ a: 'ann' });
      });

      test('whoever leaves has nothing any more, and is not alive', async () => {
        await store.heartbeat('ann', LONG);
        await store.acquire('a', 'ann', LONG);
        await store.acquire('b', 'ann', LONG);
        await store.acquire('c', 'bob', LONG);
        await store.leave('ann');
        expect(await store.heartbeat('bob', LONG)).toEqual({
          holders: ['bob'],
          leases: new Map([['c', 'bob']]),
        });
        expect(await store.acquire('a', 'bob', LONG)).toBe(true);
      });

      test('whoever has left can come back', async () => {
        await store.leave('ann');
        await store.heartbeat('ann', LONG);
        await store.leave('ann');
        expect(await holdersAsOf('ann')).toEqual(['ann']);
        expect(await store.acquire('a', 'ann', LONG)).toBe(true);
      });
    });

    describe('a heartbeat', () => {
      test('tells who is alive, by name: whoever has had one, and not for longer than it was for', async () => {
        expect(await holdersAsOf('bob')).toEqual(['bob']);
        expect(await holdersAsOf('cyd', SHORT)).toEqual(['bob', 'cyd']);
        expect(await holdersAsOf('ann')).toEqual(['ann', 'bob', 'cyd']);
        await expire();
        expect(await holdersAsOf('ann')).toEqual(['ann', 'bob']);
      });

      test('lengthens all that the holder has, and nothing else', async () => {
        await store.acquire('a', 'ann', SHORT);
        await store.acquire('b', 'ann', SHORT);
        await store.acquire('c', 'bob', SHORT);
        await store.heartbeat('ann', LONG);
        await expire();
        expect(await leasesOf('cyd')).toEqual({ a: 'ann', b: 'ann' });
        expect(await store.acquire('a', 'cyd', LONG)).toBe(false);
        expect(await store.acquire('c', 'cyd', LONG)).toBe(true);
      });

      test('lengthens also what has run out, where nobody has taken it', async () => {
        await store.acquire('a', 'ann', SHORT);
        await store.acquire('b', 'ann', SHORT);
        await expire();
        await store.acquire('b', 'bob', LONG);
        expect(await leasesOf('ann')).toEqual({ a: 'ann', b: 'bob' });
        expect(await store.acquire('a', 'cyd', LONG)).toBe(false);
      });

      test('does not bring back what was released', async () => {
        await store.acquire('a', 'ann', LONG);
        await store.release('a', 'ann');
        expect(await leasesOf('ann')).toEqual({});
      });
    });
  });
}
