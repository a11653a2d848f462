import type { Position } from '../event.ts';
import { isIntact, sealSnapshot } from '../snapshots/sealed-snapshot.ts';
import type { Snapshot, SnapshotName, SnapshotStore } from '../snapshots/snapshot-store.ts';
import type { StateCodec } from '../snapshots/state-codec.ts';
import { streamOf } from './aggregate.ts';
import type { AnyRef } from './command.ts';
import type { Accepted } from './command-batch.ts';
import type { LoadedState, Replayed } from './loaded-state.ts';

export interface SnapshotOptions {
  readonly store: SnapshotStore;
  /** Events of a stream after which its state is kept. Default 100. */
  readonly every?: number;
  /** Told what becomes of snapshots, for metrics and logs. */
  readonly observe?: (observed: SnapshotObservation) => void;
}

export type SnapshotObservation =
  /** A stream was loaded that was not in memory, from a snapshot or from its start. */
  | { readonly kind: 'loaded'; readonly stream: string; readonly from: 'snapshot' | 'start' }
  /** A snapshot could not be used, and all of the stream is read instead. */
  | { readonly kind: 'ignored'; readonly stream: string; readonly reason: string }
  | { readonly kind: 'saved'; readonly stream: string }
  /** The store did not take it. Nothing depends on that. */
  | { readonly kind: 'not-saved'; readonly stream: string; readonly reason: string };

/** The repository's dealings with snapshots. Nothing that goes wrong with one ever fails a command. */
export interface Snapshots {
  /** The newest one's state, not yet compared with the stream. */
  newest(ref: AnyRef, stream: string): Promise<LoadedState | undefined>;
  /** The newest one cannot be used: it is taken away, so that the next load does not meet it. */
  ignored(ref: AnyRef, revision: number, reason: string): void;
  /** Keeps the state where the load was long. */
  loaded(ref: AnyRef, replayed: Replayed): void;
  /** Keeps the states of streams that passed a mark, once the answers are on their way. */
  committed(batch: CommittedBatch, position: Position): void;
}

interface CommittedBatch {
  readonly accepted: readonly Accepted[];
  states(): Iterable<readonly [stream: string, state: LoadedState]>;
}

export function createSnapshots(options: SnapshotOptions | undefined): Snapshots {
  if (options === undefined || options.every === 0) return NO_SNAPSHOTS;
  const { store, every = EVERY, observe = () => {} } = options;

  function keep(ref: AnyRef, state: LoadedState, position: Position): void {
    const { snapshots: codec } = ref.aggregate;
    if (codec === undefined) return;
    const stream = streamOf(ref);
    Promise.try(() => store.save(snapshotOf(stream, codec, state, position))).then(
      () => observe({ kind: 'saved', stream }),
      (error: unknown) => observe({ kind: 'not-saved', stream, reason: reasonOf(error) }),
    );
  }

  function ignore(name: SnapshotName, reason: string): void {
    observe({ kind: 'ignored', stream: name.stream, reason });
    // What stays is ignored again.
    Promise.try(() => store.forget(name)).catch(() => {});
  }

  return {
    ignored(ref, revision, reason) {
      const version = ref.aggregate.snapshots?.version;
      if (version !== undefined) ignore({ stream: streamOf(ref), version, revision }, reason);
    },
    async newest({ aggregate: { snapshots: codec } }, stream) {
      if (codec === undefined) return undefined;
      const { version } = codec;
      let revision: number | undefined;
      try {
        const snapshot = await store.load(stream, version);
        revision = snapshot?.revision;
        return snapshot === undefined ? undefined : stateOf(snapshot, stream, codec);
      } catch (error) {
        if (revision === undefined) observe({ kind: 'ignored', stream, reason: reasonOf(error) });
        else ignore({ stream, version, revision }, reasonOf(error));
        return undefined;
      }
    },
    loaded(ref, { loaded, from, position }) {
      if (position === undefined) return;
      observe({ kind: 'loaded', stream: streamOf(ref), from: from < 0 ? 'start' : 'snapshot' });
      if (loaded.revision - from >= every) keep(ref, loaded, position);
    },
    committed(batch, position) {
      const passed = streamsPast(batch.accepted, every);
      if (passed === undefined) return;
      setImmediate(() => {
        for (const [stream, state] of batch.states()) {
          const ref = passed.get(stream);
          if (ref !== undefined) keep(ref, state, position);
        }
      });
    },
  };
}

const EVERY = 100;

const NO_SNAPSHOTS: Snapshots = {
  newest: async () => undefined,
  ignored() {},
  loaded() {},
  committed() {},
};

/** The streams on which a command has passed a mark, which lies after every so many events; undefined where none has. */
function streamsPast(accepted: readonly Accepted[], every: number): Map<string, AnyRef> | undefined {
  let passed: Map<string, AnyRef> | undefined;
  for (const { command, ranges } of accepted) {
    for (const { stream, first, last } of ranges) {
      if (Math.floor(first / every) === Math.floor((last + 1) / every)) continue;
      const ref = command.execution.on[command.streams.indexOf(stream)];
      passed ??= new Map();
      if (ref !== undefined) passed.set(stream, ref);
    }
  }
  return passed;
}

function snapshotOf(
  stream: string,
  codec: StateCodec<unknown>,
  { state, revision, link, recordedAt }: LoadedState,
  position: Position,
): Snapshot {
  const text = codec.encode(state);
  return sealSnapshot({ stream, version: codec.version, revision, link, recordedAt, position, state: text });
}

/** @throws Error - it is not what was kept of this stream in this version */
function stateOf(snapshot: Snapshot, stream: string, codec: StateCodec<unknown>): LoadedState {
  const { revision, link, recordedAt } = snapshot;
  if (!isIntact(snapshot)) throw new Error('its checksum is wrong');
  if (snapshot.stream !== stream || snapshot.version !== codec.version) throw new Error('it is another one');
  return { state: codec.decode(snapshot.state), revision, link, recordedAt };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
