import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EventSourcingError } from '../errors.ts';
import { holdLeases } from './hold-leases.ts';
import type { LeaseStore } from './lease-store.ts';
import { createMemoryLeaseStore } from './memory-lease-store.ts';

const NAMES = Array.from({ length: 9 }, (_, index) => `share-${index}`);
const LEASE = 5_000;

/** How the store answers a process. */
type Line = 'good' | 'cut' | { readonly hangs: number };

/** A process that holds leases. */
interface Process {
  /** What it works on. */
  readonly works: ReadonlySet<string>;
  line: Line;
  leave(): Promise<void>;
  /** It is gone without a word, and so is its work. */
  crash(): void;
}

let store: LeaseStore;
let processes: Process[];

beforeEach(() => {
  vi.useFakeTimers();
  store = createMemoryLeaseStore();
  processes = [];
});
afterEach(async () => {
  await endAll();
  vi.useRealTimers();
});

async function endAll(): Promise<void> {
  const left = Promise.all(processes.splice(0).map((process) => process.leave()));
  await vi.advanceTimersByTimeAsync(20 * LEASE);
  await left;
}

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const parts = () => processes.map(({ works }) => works.size);
/** Who works on each share: nobody twice. */
const workers = () => NAMES.map((name) => processes.filter(({ works }) => works.has(name)).length);

function start(name: string, endTime = 0): Process {
  const ending = new AbortController();
  const works = new Set<string>();
  let crashed = false;
  const answer = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    if (crashed || process.line === 'cut') throw new EventSourcingError('store-unavailable', 'no line');
    if (process.line !== 'good') await wait(process.line.hangs);
    return call();
  };
  const process: Process = {
    works,
    line: 'good',
    async leave() {
      ending.abort();
      await holding;
    },
    crash() {
      crashed = true;
      works.clear();
    },
  };
  const holding = holdLeases({
    leases: {
      heartbeat: (holder, duration) => answer(() => store.heartbeat(holder, duration)),
      acquire: (lease, holder, duration) => answer(() => store.acquire(lease, holder, duration)),
      release: (lease, holder) => answer(() => store.release(lease, holder)),
      leave: (holder) => answer(() => store.leave(holder)),
      close: () => store.close(),
    },
    holder: name,
    names: NAMES,
    duration: LEASE,
    signal: ending.signal,
    begin: (names) => {
      if (!crashed) for (const each of names) works.add(each);
    },
    async end(each) {
      if (endTime > 0) await wait(endTime);
      works.delete(each);
    },
  });
  processes.push(process);
  return process;
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

describe('sharing leases', () => {
  test('one process alone has all of them, at once', async () => {
    start('ann');
    await pass(0);
    expect(parts()).toEqual([9]);
  });

  test('each that joins gets an equal part, within seconds, and nothing is worked on twice meanwhile', async () => {
    start('ann', 50);
    await pass(100);
    start('bob', 50);
    for (let seconds = 0; seconds < 30; seconds++) {
      await pass(100);
      expect(Math.max(...workers())).toBe(1);
    }
    expect(parts()).toEqual([5, 4]);
    start('cyd', 50);
    await pass(3_000);
    expect(parts()).toEqual([3, 3, 3]);
    expect(workers()).toEqual(NAMES.map(() => 1));
  });

  test('what one leaves, on a clean stop, the others have within a second', async () => {
    const ann = start('ann');
    start('bob');
    await pass(5_000);
    await Promise.all([ann.leave(), pass(0)]);
    expect(ann.works.size).toBe(0);
    await pass(1_000);
    expect(parts()).toEqual([0, 9]);
  });

  test('what one had that crashes, the others have within less than ten seconds, and not while it is leased', async () => {
    const ann = start('ann');
    start('bob');
    await pass(5_000);
    ann.crash();
    await pass(LEASE - 1_100);
    expect(parts()).toEqual([0, 4]);
    await pass(2_200);
    expect(parts()).toEqual([0, 9]);
  });

  test.each([
    ['fail', 'cut'],
    ['hang', { hangs: 3 * LEASE }],
  ] satisfies readonly (readonly [string, Line])[])(
    'where heartbeats %s, work is ended before its lease can run out, and is begun again when they do not',
    async (_, line) => {
      const ann = start('ann');
      await pass(2_500);
      ann.line = line;
      let worked = 0;
      for (; ann.works.size > 0; worked += 100) {
        expect((await store.heartbeat('someone', 1)).leases.size).toBe(9);
        await pass(100);
      }
      expect(worked).toBeGreaterThan(LEASE / 2);
      await pass(LEASE);
      expect(await store.acquire('share-0', 'bob', 60_000)).toBe(true);
      ann.line = 'good';
      await pass(LEASE + 1_000);
      expect([...ann.works].sort()).toEqual(NAMES.slice(1));
      await store.release('share-0', 'bob');
    },
  );

  test('what another has taken is ended when it is seen', async () => {
    const ann = start('ann');
    await pass(1_500);
    await store.release('share-3', 'ann');
    await store.acquire('share-3', 'bob', 60_000);
    await pass(1_000);
    expect(ann.works.has('share-3')).toBe(false);
    await store.leave('bob');
    await pass(1_000);
    expect(parts()).toEqual([9]);
  });

  test('what hangs when it is to be given back is waited for no longer than a lease lasts', async () => {
    start('ann', 10 * LEASE);
    await pass(0);
    start('bob');
    await pass(LEASE - 100);
    expect(parts()[1]).toBe(0);
    await pass(2_500);
    expect(parts()[1]).toBe(4);
  });

  test('what was taken before the store failed is begun all the same', async () => {
    const acquire = store.acquire.bind(store);
    let asked = 0;
    store = {
      ...store,
      async acquire(...lease) {
        if (++asked === 3) throw new EventSourcingError('store-unavailable', 'no line');
        return acquire(...lease);
      },
    };
    start('ann');
    await pass(0);
    expect(parts()).toEqual([2]);
    await pass(2_000);
    expect(parts()).toEqual([9]);
  });

  test('what was taken before the store stopped answering is begun all the same', async () => {
    const acquire = store.acquire.bind(store);
    let asked = 0;
    store = {
      ...store,
      acquire: (...lease) => (++asked === 3 ? new Promise(() => undefined) : acquire(...lease)),
    };
    start('ann');
    await pass(2 * LEASE);
    expect(parts()).toEqual([9]);
  });

  test('what was given back is not taken for held by an answer from before', async () => {
    const heartbeat = store.heartbeat.bind(store);
    const acquire = store.acquire.bind(store);
    let slow = false;
    const begun: string[] = [];
    const ending = new AbortController();
    const held = holdLeases({
      leases: {
        ...store,
        async heartbeat(...beat) {
          const board = await heartbeat(...beat);
          if (slow) await wait(500);
          return board;
        },
      },
      holder: 'ann',
      names: NAMES,
      duration: LEASE,
      signal: ending.signal,
      begin: (names) => begun.push(...names),
      // Longer than an interval, so that the next heartbeat is sent before it is given back, and answered after.
      end: () => wait(1_200),
    });
    await pass(0);
    begun.length = 0;
    await heartbeat('bob', 60_000);
    slow = true;
    for (let passed = 0; passed < 4_000; passed += 100) {
      for (const name of NAMES) await acquire(name, 'bob', 60_000);
      await pass(100);
    }
    expect(begun).toEqual([]);
    ending.abort();
    await pass(LEASE);
    await held;
  });

  test('an answer that comes late begins nothing', async () => {
    const ann = start('ann');
    ann.line = { hangs: 2 * LEASE };
    await pass(2 * LEASE + 100);
    expect(parts()).toEqual([0]);
    ann.line = 'good';
    await pass(2 * LEASE);
    expect(parts()).toEqual([9]);
  });

  test('whoever joins, leaves, crashes or is cut off, nothing is ever worked on twice, and all of it in the end', async () => {
    const step = fc.record({
      what: fc.constantFrom('join', 'leave', 'crash', 'cut', 'hang', 'heal'),
      who: fc.nat(5),
      after: fc.integer({ min: 0, max: 7_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        store = createMemoryLeaseStore();
        let joined = 0;
        for (const { what, who, after } of steps) {
          const process = processes[who % Math.max(1, processes.length)];
          if (what === 'join' || process === undefined) start(`holder-${joined++}`);
          else if (what === 'leave') void process.leave();
          else if (what === 'crash') process.crash();
          else process.line = what === 'cut' ? 'cut' : what === 'hang' ? { hangs: 4_000 } : 'good';
          for (let passed = 0; passed < after; passed += 250) {
            await pass(250);
            expect(Math.max(0, ...workers())).toBeLessThan(2);
          }
        }
        for (const process of processes) process.line = 'good';
        start('last');
        await pass(6 * LEASE);
        expect(workers()).toEqual(NAMES.map(() => 1));
        await endAll();
      }),
      { numRuns: 40 },
    );
  });
});
