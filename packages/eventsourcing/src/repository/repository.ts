import { EventSourcingError } from '../errors.ts';
import type { DomainEvent } from '../event.ts';
import type { EventStore } from '../event-store/event-store.ts';
import type { Vault } from '../personal-data/vault.ts';
import { createRecentCache } from '../recent-cache.ts';
import type { AggregateRef } from './aggregate.ts';
import { createAnswers } from './answers.ts';
import { createAttempts } from './attempts.ts';
import type { AnyRef, CommandContext, Executed, Execution } from './command.ts';
import { createDryRun } from './dry-run.ts';
import { createEventClock, type EventClock } from './event-clock.ts';
import type { LoadedState } from './loaded-state.ts';
import { createLoad } from './loading.ts';
import { type PendingCommand, pendingCommand } from './pending-command.ts';
import { createQueues, type Taken } from './queues.ts';
import { createSnapshots, type SnapshotOptions } from './snapshots.ts';
import { createStateReads } from './state-reads.ts';
import { stateWeight } from './state-weight.ts';

/** Takes commands to their aggregates: loads, decides, appends, answers. */
export interface Repository {
  /**
   * Decides a command on the durable state of its aggregates and records its events, all or none.
   *
   * One append is in flight per aggregate; commands that arrive meanwhile are decided in turn and appended as one
   * commit. Before any refusal the command's idempotency key is looked up: a taken key gets its first answer.
   *
   * A dry run (`context.dryRun`) answers or refuses as the command would be now, and records nothing: no event, claim or
   * key. Ids and times are as if it had been recorded; the position is the head of the log, '' where that is empty.
   *
   * @throws whatever `decide` throws; `PreconditionFailed`, `IdempotencyKeyReused`, `OutcomeUnknown`;
   *   EventSourcingError `overloaded`, `revision-conflict` (after retries), `storage-full`, `store-unavailable`...
   */
  execute<const Refs extends readonly AnyRef[], Answer>(
    execution: Execution<Refs, Answer>,
    context: CommandContext,
  ): Promise<Executed<Answer>>;
  /**
   * The state of one aggregate as its stream has it now; its initial state, at revision -1, where there is none. It may
   * change before a command is decided: for facts that never change, and to show them.
   *
   * @throws EventSourcingError `unknown-event-type`, `store-damaged`, `store-unavailable`
   */
  load<State, Event extends DomainEvent>(ref: AggregateRef<State, Event>): Promise<StateAt<State>>;
  /** Commands that wait for their aggregates. */
  readonly waiting: number;
}

/** A state, and the revision of the last event that it shows. */
export interface StateAt<State> {
  readonly state: State;
  readonly revision: number;
}

export interface RepositoryOptions {
  readonly store: EventStore;
  readonly vault: Vault;
  readonly clock?: EventClock;
  /** Bytes of states kept in memory, as `stateWeight` estimates them. Default 64 MiB: some 90,000 small ones. */
  readonly maxCachedBytes?: number;
  /** Where states are kept for the loads of another day; without it, every load starts at the first event. */
  readonly snapshots?: SnapshotOptions;
  /** Commands that may wait; one more is `overloaded`. Default 4,096. */
  readonly maxWaiting?: number;
  /** Commands in one commit. Default 256. */
  readonly maxBatch?: number;
  /** Conflicts after which a command is refused with `revision-conflict`. Default 10. */
  readonly maxConflicts?: number;
  /** How long a command may wait and repeat, milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
}

export function createRepository(options: RepositoryOptions): Repository {
  const { store, vault, maxWaiting = 4_096, maxBatch = 256, maxConflicts = 10, timeoutMs = 5_000 } = options;
  const clock = options.clock ?? createEventClock(store.lastRecordedAt);
  const states = createRecentCache<LoadedState>(options.maxCachedBytes ?? 64 * 1024 * 1024, stateWeight);
  const snapshots = createSnapshots(options.snapshots);
  const loadState = createLoad(store, snapshots);
  const { read, cache } = createStateReads({ store, cache: states, loadState });
  const dryRun = createDryRun({ store, vault, clock, read });
  const answers = createAnswers(store, vault);
  const attempt = createAttempts({
    store,
    vault,
    clock,
    cache,
    loadState,
    snapshots,
    answers,
    maxConflicts,
  });
  const queues = createQueues<PendingCommand>();
  let sweeper: NodeJS.Timeout | undefined;

  function enqueue(command: PendingCommand): void {
    queues.join(command);
    runNext(command.streams);
    if (queues.size > 0) sweeper ??= setInterval(sweep, SWEEP_MS).unref();
  }

  function runNext(streams: readonly string[]): void {
    for (const stream of streams) {
      const taken = queues.take(stream, maxBatch);
      if (taken !== undefined) void run(taken);
    }
  }

  /** Holds the streams until every command has its answer on the way, or has been decided in vain. */
  async function run({ items, streams }: Taken<PendingCommand>): Promise<void> {
    const confirmed = new Set<string>();
    let commands = items;
    try {
      while (commands.length > 0) commands = await attempt(commands, confirmed);
    } catch (error) {
      for (const { reject } of commands) reject(error);
    }
    queues.release(streams);
    runNext(streams);
  }

  /** Waiting is bounded in time: who has not been decided by its deadline was definitely not recorded by this call. */
  function sweep(): void {
    const now = Date.now();
    for (const late of queues.remove(({ deadline }) => deadline < now)) answers.refuse(late, overloaded());
    // What waited behind the removed may be free to run.
    for (const stream of queues.streams()) runNext([stream]);
    if (queues.size > 0) return;
    clearInterval(sweeper);
    sweeper = undefined;
  }

  return {
    execute<const Refs extends readonly AnyRef[], Answer>(
      execution: Execution<Refs, Answer>,
      context: CommandContext,
    ) {
      if (context.dryRun) return dryRun(execution, context) as Promise<Executed<Answer>>;
      return new Promise<Executed<Answer>>((resolve, reject) => {
        const settle = {
          resolve: (executed: Executed<unknown>) => resolve(executed as Executed<Answer>),
          reject,
        };
        const command = pendingCommand(execution, context, Date.now() + timeoutMs, settle);
        if (queues.size >= maxWaiting) answers.refuse(command, overloaded());
        else enqueue(command);
      });
    },
    async load<State, Event extends DomainEvent>(ref: AggregateRef<State, Event>) {
      const { state, revision } = await read(ref);
      return { state: state as State, revision };
    },
    get waiting() {
      return queues.size;
    },
  };
}

const SWEEP_MS = 100;

function overloaded(): EventSourcingError {
  return new EventSourcingError(
    'overloaded',
    'Too many commands wait: nothing was recorded; try again in a moment.',
  );
}
