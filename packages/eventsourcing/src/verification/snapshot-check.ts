import type { RecordedEvent } from '../event.ts';
import type { SealedEvent } from '../repository/event-codec.ts';
import { isIntact } from '../snapshots/sealed-snapshot.ts';
import type { Snapshot } from '../snapshots/snapshot-store.ts';
import type { StateCodec } from '../snapshots/state-codec.ts';
import type { AnyAggregate } from './aggregate-event.ts';
import { type Findings, placeOf } from './findings.ts';

/** Snapshots as they are kept, to be verified, also beside the program that writes them. */
export interface SnapshotSource {
  /** Where there are snapshots. */
  keys(): Iterable<SnapshotKey>;
  /** Undefined where it has been taken away meanwhile. */
  at(key: SnapshotKey): Snapshot | undefined;
}

export type SnapshotKey = Pick<Snapshot, 'stream' | 'version' | 'revision'>;

/** Compares each snapshot with the state that the replay has at its revision. */
export interface SnapshotCheck {
  see(aggregate: AnyAggregate, recorded: RecordedEvent, event: SealedEvent): void;
  /** All events have been seen. */
  conclude(): SnapshotSummary;
}

export interface SnapshotSummary {
  readonly compared: number;
  /** Of a version that this program does not read: they are not looked at. */
  readonly otherVersions: number;
}

/** Memory: the state of every aggregate that has snapshots, and 8 bytes a snapshot. */
export function createSnapshotCheck(
  source: SnapshotSource,
  aggregates: readonly AnyAggregate[],
  findings: Findings,
): SnapshotCheck {
  const { wanted, otherVersions } = wantedOf(source, aggregates, findings);
  const states = new Map<string, unknown>();
  let compared = 0;

  function compare(aggregate: AnyAggregate, recorded: RecordedEvent, state: unknown): void {
    const { stream, revision } = recorded;
    const codec = aggregate.snapshots;
    const snapshot = codec && snapshotAt({ stream, version: codec.version, revision });
    if (codec === undefined || snapshot === undefined) return;
    compared++;
    const fault = faultOf(snapshot, recorded, encoded(codec, state));
    if (fault !== undefined) findings.add('snapshot-wrong', `${stream}@${revision}`, fault);
  }

  function snapshotAt(key: SnapshotKey): Snapshot | undefined {
    try {
      return source.at(key);
    } catch (error) {
      findings.add('snapshots-damaged', `${key.stream}@${key.revision}`, messageOf(error));
      return undefined;
    }
  }

  /** A fold that fails leaves the state as it is. */
  function evolved(aggregate: AnyAggregate, recorded: RecordedEvent, event: SealedEvent): unknown {
    const before = states.get(recorded.stream) ?? aggregate.initialState;
    try {
      return aggregate.evolve(before, event);
    } catch {
      findings.add('event-not-folded', placeOf(recorded), `no state of a ${aggregate.type} follows from it`);
      return before;
    }
  }

  return {
    see(aggregate, recorded, event) {
      const { stream, revision } = recorded;
      const revisions = wanted.get(stream);
      if (revisions === undefined) return;
      const state = evolved(aggregate, recorded, event);
      if (revisions.delete(revision)) compare(aggregate, recorded, state);
      if (revisions.size > 0) states.set(stream, state);
      else {
        wanted.delete(stream);
        states.delete(stream);
      }
    },
    conclude() {
      for (const [stream, revisions] of wanted) {
        const [first] = revisions;
        findings.add('snapshot-wrong', `${stream}@${first}`, 'the stream has no such event', revisions.size);
      }
      return { compared, otherVersions };
    },
  };
}

/** The revisions of each stream at which there are snapshots that this program reads. */
function wantedOf(source: SnapshotSource, aggregates: readonly AnyAggregate[], findings: Findings) {
  const wanted = new Map<string, Set<number>>();
  let otherVersions = 0;
  try {
    for (const { stream, version, revision } of source.keys()) {
      const aggregate = aggregates.find(({ streamPrefix }) => stream.startsWith(streamPrefix));
      if (aggregate?.snapshots?.version !== version) {
        otherVersions++;
        continue;
      }
      const revisions = wanted.get(stream);
      if (revisions === undefined) wanted.set(stream, new Set([revision]));
      else revisions.add(revision);
    }
  } catch (error) {
    findings.add('snapshots-damaged', 'the snapshots', messageOf(error));
  }
  return { wanted, otherVersions };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Undefined where damaged events have left what no snapshot can hold. */
function encoded(codec: StateCodec<unknown>, state: unknown): string | undefined {
  try {
    return codec.encode(state);
  } catch {
    return undefined;
  }
}

function faultOf(
  snapshot: Snapshot,
  { link, recordedAt }: RecordedEvent,
  state: string | undefined,
): string | undefined {
  if (!isIntact(snapshot)) return 'its checksum is another';
  if (snapshot.link !== link || snapshot.recordedAt !== recordedAt) return 'it was taken at another event';
  return snapshot.state === state ? undefined : 'its state is not that of the replay';
}
