import { randomBytes, randomUUID } from 'node:crypto';
import { bankAccountAggregate } from '@openbank/bank';
import {
  openSqliteEventStore,
  openSqliteSnapshotStore,
  type SqliteEventStore,
} from '@openbank/engine-sqlite';
import {
  type CommandContext,
  createMemoryKeyStore,
  createRepository,
  createVault,
  type Repository,
  type SnapshotStore,
  type Vault,
} from '@openbank/eventsourcing';
import { inDirectory } from '../in-directory.ts';
import { created, deposited } from '../recorded-log.ts';
import type { Benchmark, Row, Scale } from '../runner/benchmark.ts';
import { median } from '../runner/median.ts';
import { inRounds } from '../runner/rounds.ts';
import { figuresOf, timeAtMost } from '../runner/rows.ts';

/** Events after the snapshot: what there is of them on average, where one is taken every 100. */
const TAIL = 50;
const COMMIT = 500;
/** Loads that a figure is the median of, where they are short. */
const SAMPLES = 40;
/** A million events take longer than a repository lets a command wait. */
const timeoutMs = 600_000;

interface Size {
  readonly accounts: number;
  readonly events: number;
}

interface Goals {
  /** Milliseconds. */
  readonly replayed?: number;
  readonly snapshot: number;
  /** Microseconds. */
  readonly cached: number;
}

/** Loads of accounts, each by a command that decides nothing: from all of their events, from a snapshot, from memory. */
export const loadsBenchmark: Benchmark = {
  part: 'loads',
  about: 'accounts of 1,000 and of 100,000 events: replayed, from a snapshot, from memory',
  async run(scale) {
    const short = await loads(
      scale,
      { accounts: 20, events: 1_000 },
      { replayed: 3, snapshot: 0.5, cached: 20 },
    );
    const long = await loads(scale, { accounts: 2, events: 100_000 }, { snapshot: 0.5, cached: 20 });
    return [...short, ...long];
  },
};

/** The same with a stream as long as the goal names. */
export const longLoadsBenchmark: Benchmark = {
  part: 'long-loads',
  about: 'an account of 1,000,000 events: replayed, from a snapshot, from memory',
  onRequest: true,
  run: (scale) => loads(scale, { accounts: 1, events: 1_000_000 }, { snapshot: 0.5, cached: 20 }),
};

function loads(scale: Scale, size: Size, goals: Goals): Promise<readonly Row[]> {
  return inDirectory(scale.directory, async (directory) => {
    const of = `${size.events.toLocaleString('en')} events`;
    scale.progress.say(`${size.accounts} accounts of ${of}`);
    const vault = await createVault({ keys: createMemoryKeyStore(), masterKey: randomBytes(32) });
    const ids = await record(directory, size, vault);
    scale.progress.done('recorded');
    const store = await openSqliteEventStore({ directory });
    const snapshots = openSqliteSnapshotStore({ directory });
    const measure = measuring(store, snapshots, vault, ids);
    const figures = await inRounds(scale, measure, ' ms');
    await snapshots.close();
    await store.close();
    const ms = (name: keyof typeof measure) => figuresOf(figures, name);
    const us = ms('cached').map((each) => each * 1_000);
    return [
      goals.replayed === undefined
        ? { what: `load of ${of}, replayed`, unit: 'ms', figures: ms('replayed') }
        : timeAtMost(`load of ${of}, replayed`, 'ms', ms('replayed'), goals.replayed),
      timeAtMost(`load of ${of}, from a snapshot and ${TAIL} events`, 'ms', ms('snapshot'), goals.snapshot),
      timeAtMost(`load of ${of}, from memory`, 'us', us, goals.cached),
    ];
  });
}

function measuring(store: SqliteEventStore, snapshots: SnapshotStore, vault: Vault, ids: readonly string[]) {
  const withSnapshots = () => createRepository({ store, vault, timeoutMs, snapshots: { store: snapshots } });
  const last = lastRevision(store, ids[0] ?? '');
  /** The median of so many loads of each account, by the repositories that are given. */
  const times = async (repetitions: number, repositoryOf: () => Repository) => {
    const all: number[] = [];
    for (let at = 0; at < repetitions; at++) {
      const repository = repositoryOf();
      for (const id of ids) {
        const begin = performance.now();
        const { revision } = await load(repository, id);
        all.push(performance.now() - begin);
        if (revision !== (await last)) throw new Error(`${id} was loaded up to revision ${revision}.`);
      }
    }
    return median(all);
  };
  const enough = Math.ceil(SAMPLES / ids.length);
  return {
    replayed: () => times(1, () => createRepository({ store, vault, timeoutMs })),
    snapshot: () => times(enough, withSnapshots),
    async cached() {
      const repository = withSnapshots();
      await times(1, () => repository);
      return times(enough, () => repository);
    },
  };
}

async function lastRevision(store: SqliteEventStore, id: string): Promise<number> {
  const pages = store.readStream(`bank-account-${id}`, { direction: 'backwards', limit: 1 });
  for await (const [event] of pages) return event?.revision ?? -1;
  return -1;
}

/** Accounts with a snapshot of each shortly before its last events. */
async function record(
  directory: string,
  { accounts, events }: Size,
  vault: Vault,
): Promise<readonly string[]> {
  const store = await openSqliteEventStore({ directory });
  const snapshots = openSqliteSnapshotStore({ directory });
  const ids = Array.from({ length: accounts }, () => randomUUID().replaceAll('-', ''));
  for (const id of ids) {
    await append(store, id, 0, events - TAIL);
    let saved = (): void => {};
    const saving = new Promise<void>((resolve) => {
      saved = resolve;
    });
    const observe = ({ kind }: { readonly kind: string }) => kind === 'saved' && saved();
    await load(createRepository({ store, vault, timeoutMs, snapshots: { store: snapshots, observe } }), id);
    await saving;
    await append(store, id, events - TAIL, events);
  }
  await snapshots.close();
  await store.close();
  return ids;
}

async function append(store: SqliteEventStore, id: string, from: number, to: number): Promise<void> {
  for (let next = from; next < to; next += COMMIT) {
    const count = Math.min(COMMIT, to - next);
    const events = Array.from({ length: count }, (_, at) =>
      next + at === 0 ? created() : deposited(id, next + at),
    );
    const expected = next === 0 ? ('no-stream' as const) : next - 1;
    await store.append({ streams: [{ stream: `bank-account-${id}`, expected, events }], claims: [] });
  }
}

function load(repository: Repository, id: string) {
  const nothing = {
    on: [{ aggregate: bankAccountAggregate, id }] as const,
    decide: (): [[]] => [[]],
    answer: () => ({}),
  };
  return repository.execute(nothing, context());
}

function context(): CommandContext {
  const id = randomUUID();
  return { commandId: id, correlationId: id, causationId: id, actor: undefined };
}
