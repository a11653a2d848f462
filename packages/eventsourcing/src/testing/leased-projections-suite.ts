import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { EventStore } from '../event-store/event-store.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import { type LeasedProjectionsOptions, runLeasedProjections } from '../projections/leased-projections.ts';
import { leastCheckpoint } from '../projections/partitions.ts';
import type { ReadModelStore } from '../projections/read-model-store.ts';
import {
  arrived,
  CRATES,
  cratesVersion,
  createRecorder,
  type Recorder,
  TOTALS,
  WEIGHINGS,
  weighed,
} from './crates.ts';
import { type PausableProcess, pausableProcess } from './pausable-process.ts';
import { documentsOf, plainFold } from './projection-run.ts';

/** Where the suite gets its stores from. */
export interface LeasedProjectionsSource {
  /** Empty stores, the read models in so many partitions. */
  open(partitions: number): Promise<{ readonly store: ReadModelStore; readonly leases: LeaseStore }>;
  /** Removes what `open` left behind. */
  cleanUp?(): Promise<void>;
  /** Milliseconds that a lease lasts in the suite. Default 200. */
  readonly leaseTime?: number;
  /** Random histories of each kind. Default 8. */
  readonly histories?: number;
}

const PROJECTIONS = [CRATES, WEIGHINGS, TOTALS];
/** What a newer program projects. */
const NEWER = [cratesVersion(2), WEIGHINGS, TOTALS];
const PARTITIONS = 3;
const IDS = [...'abcdefghij'];

interface Member extends PausableProcess {
  /** What it says that it works on. */
  readonly shares: ReadonlySet<string>;
  /** Reasons why projections of it have stopped, displaced ones left out. */
  readonly stopped: readonly string[];
  end(): Promise<void>;
}

/** Projector processes that join, leave, crash, pause and come back. */
export function leasedProjectionsSuite(name: string, source: LeasedProjectionsSource): void {
  const leaseTime = source.leaseTime ?? 200;
  let log: EventStore;
  let recorder: Recorder;
  let store: ReadModelStore;
  let leases: LeaseStore;
  let members: Member[];

  async function open(): Promise<void> {
    log = createMemoryEventStore();
    recorder = createRecorder(log);
    ({ store, leases } = await source.open(PARTITIONS));
    members = [];
  }

  async function close(): Promise<void> {
    for (const member of members) member.goOn();
    await Promise.all(members.map((member) => member.end()));
    await store.close();
    await leases.close();
    await source.cleanUp?.();
  }

  function join(options: Partial<LeasedProjectionsOptions> = {}): Member {
    const process = pausableProcess(store, leases, log);
    const ending = new AbortController();
    const shares = new Set<string>();
    const stopped: string[] = [];
    const running = runLeasedProjections({
      ...process,
      projections: PROJECTIONS,
      holder: `member-${members.length}`,
      leaseTime,
      signal: ending.signal,
      checkpointInterval: 20,
      retryDelays: [5, 50],
      onShare: (share, news) => (news === 'taken' ? shares.add(share) : shares.delete(share)),
      onNews(news) {
        if (news.kind === 'stopped' && news.reason.code !== 'displaced') stopped.push(news.reason.message);
      },
      ...options,
    });
    const member: Member = {
      ...process,
      shares,
      stopped,
      async end() {
        ending.abort();
        await running;
      },
    };
    members.push(member);
    return member;
  }

  async function weighAll(): Promise<void> {
    const isFirst = (await log.head()) === undefined;
    for (const id of IDS)
      await recorder.record(`crate-${id}`, ...(isFirst ? [arrived('ann')] : []), weighed(1n));
  }

  /** All read models come to show the log. */
  async function expectPlainFold(projections = PROJECTIONS, timeout = 10_000): Promise<void> {
    for (const projection of projections) {
      const isThere = async () => {
        await store.prepare(projection);
        return leastCheckpoint(store, projection);
      };
      await expect.poll(isThere, { timeout }).toBe(await log.head());
      expect(await documentsOf(store, projection)).toEqual(await plainFold(log, projection));
    }
  }

  const parts = () => members.map(({ shares }) => shares.size);
  const share = (timeout = 20 * leaseTime) => ({ timeout });

  describe(`leased projections: ${name}`, () => {
    beforeEach(open);
    afterEach(close);

    test('one process does all', async () => {
      await weighAll();
      join();
      await expectPlainFold();
      expect(parts()).toEqual([4]);
    });

    test('those that join share the work evenly, and what one leaves the others do', async () => {
      await weighAll();
      const first = join();
      await expectPlainFold();
      join();
      await expect.poll(parts, share()).toEqual([2, 2]);
      await weighAll();
      await expectPlainFold();
      await first.end();
      await weighAll();
      await expectPlainFold();
      await expect.poll(parts, share()).toEqual([2, 4]);
      expect(members.flatMap(({ stopped }) => stopped)).toEqual([]);
    });

    test('what one did that crashes, the others do', async () => {
      await weighAll();
      const first = join();
      join();
      await expect.poll(parts, share()).toEqual([2, 2]);
      first.crash();
      await weighAll();
      await expectPlainFold();
      await expect.poll(() => members[1]?.shares.size, share()).toBe(4);
      expect(members[1]?.stopped).toEqual([]);
    });

    test('one that pauses for longer than its leases changes nothing when it goes on, and has a part again', async () => {
      await weighAll();
      const first = join();
      join();
      await expect.poll(parts, share()).toEqual([2, 2]);
      await expectPlainFold();
      for (let times = 0; times < 3; times++) {
        await weighAll();
        first.pause();
        await weighAll();
        await sleep(1.5 * leaseTime);
        await expectPlainFold();
        first.goOn();
        await weighAll();
        await expectPlainFold();
        await expect.poll(parts, share()).toEqual([2, 2]);
      }
      expect(members.flatMap(({ stopped }) => stopped)).toEqual([]);
    });

    test('a batch that is under way for longer than the lease is refused, or is in before the next owner starts', async () => {
      const delayed = { by: 0 };
      const slow: ReadModelStore = {
        ...store,
        async apply(model, batch) {
          if (delayed.by > 0) await sleep(delayed.by);
          await store.apply(model, batch);
        },
      };
      await weighAll();
      join({ store: slow });
      await expectPlainFold();
      delayed.by = 3 * leaseTime;
      await weighAll();
      join();
      delayed.by = 0;
      await weighAll();
      await expectPlainFold();
      await sleep(3 * leaseTime);
      await weighAll();
      await expectPlainFold();
      expect(members.flatMap(({ stopped }) => stopped)).toEqual([]);
    });

    test('one that somebody displaces although it has the lease does its part again after a while', async () => {
      await weighAll();
      join();
      await expectPlainFold();
      await store.takeOver(CRATES, 1);
      await store.takeOver(TOTALS, 0);
      await weighAll();
      await expectPlainFold();
      await weighAll();
      await expectPlainFold();
    });
  });

  describe(`leased projections of random histories: ${name}`, () => {
    test('show the same as a plain fold, whoever joins, leaves, crashes, pauses and comes back', async () => {
      const step = fc.record({
        what: fc.constantFrom('join', 'leave', 'crash', 'pause', 'goOn', 'record', 'record', 'displace'),
        who: fc.nat(4),
        after: fc.integer({ min: 0, max: Math.round(leaseTime / 2) }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
          await open();
          try {
            join();
            for (const { what, who, after } of steps) {
              const member = members[who % members.length];
              if (what === 'join' && members.length < 4) join();
              else if (what === 'record') await weighAll();
              else if (what === 'displace' && (await store.liveVersion('crates')) !== undefined)
                await store.takeOver(CRATES, who % PARTITIONS);
              else if (what === 'leave') void member?.end();
              else if (what === 'crash') member?.crash();
              else if (what === 'pause') member?.pause();
              else if (what === 'goOn') member?.goOn();
              await sleep(after);
            }
            for (const member of members) member.goOn();
            join();
            await weighAll();
            await expectPlainFold();
            expect(members.at(-1)?.stopped).toEqual([]);
          } finally {
            await close();
          }
        }),
        { numRuns: source.histories ?? 8, endOnFailure: true },
      );
    }, 300_000);

    test('show the same as a plain fold after an upgrade, whatever old and new programs do meanwhile', async () => {
      const step = fc.record({
        what: fc.constantFrom('old', 'new', 'leave', 'crash', 'pause', 'goOn', 'record', 'record'),
        who: fc.nat(4),
        after: fc.integer({ min: 0, max: leaseTime }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 12 }), async (steps) => {
          await open();
          try {
            join();
            for (const { what, who, after } of steps) {
              const member = members[who % members.length];
              if (what === 'old' && members.length < 5) join();
              else if (what === 'new' && members.length < 5) join({ projections: NEWER, keepPrevious: 20 });
              else if (what === 'record') await weighAll();
              else if (what === 'leave') void member?.end();
              else if (what === 'crash') member?.crash();
              else if (what === 'pause') member?.pause();
              else if (what === 'goOn') member?.goOn();
              await sleep(after);
            }
            for (const member of members) member.goOn();
            await Promise.all(members.map((member) => member.end()));
            join({ projections: NEWER, keepPrevious: 20 });
            await weighAll();
            await expect.poll(() => store.liveVersion('crates'), { timeout: 10_000 }).toBe(2);
            await expectPlainFold(NEWER);
            expect(members.at(-1)?.stopped).toEqual([]);
          } finally {
            await close();
          }
        }),
        { numRuns: source.histories ?? 8, endOnFailure: true },
      );
    }, 300_000);
  });
}
