import { CHAIN_START } from '../chain.ts';
import { EventSourcingError } from '../errors.ts';
import type { Position, RecordedEvent } from '../event.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { streamOf } from './aggregate.ts';
import type { AnyRef } from './command.ts';
import type { LoadedState, Replayed } from './loaded-state.ts';
import type { Snapshots } from './snapshots.ts';
import { decoderOf, type ReadEvent } from './upcasting.ts';

/**
 * The aggregate as its stream has it now, folded in bounded memory: from `known` on where a state is at hand, else from
 * its newest snapshot, else from the start.
 */
export type Load = (ref: AnyRef, known?: LoadedState) => Promise<LoadedState>;

export function createLoad(store: EventReader, snapshots: Snapshots): Load {
  return async (ref, known) => {
    if (known !== undefined) return (await replay(store, ref, known, known.revision + 1)).loaded;
    const replayed =
      (await fromSnapshot(store, ref, snapshots)) ?? (await replay(store, ref, emptyState(ref), 0));
    snapshots.loaded(ref, replayed);
    return replayed.loaded;
  };
}

/** Undefined where there is none that agrees with its stream: then all of the stream is read. */
async function fromSnapshot(
  store: EventReader,
  ref: AnyRef,
  snapshots: Snapshots,
): Promise<Replayed | undefined> {
  const known = await snapshots.newest(ref, streamOf(ref));
  if (known === undefined) return undefined;
  try {
    const replayed = await replay(store, ref, known, known.revision);
    if (replayed.position !== undefined) return replayed;
    snapshots.ignored(ref, known.revision, `the stream does not reach revision ${known.revision}`);
  } catch (error) {
    // Only the store knows what it cannot read; whatever else goes wrong on this state may go right on another.
    if (error instanceof EventSourcingError) throw error;
    snapshots.ignored(ref, known.revision, error instanceof Error ? error.message : String(error));
  }
  return undefined;
}

/** @param first - the revision to read from: that of the state's last event where it has to be the one in the stream */
async function replay(store: EventReader, ref: AnyRef, known: LoadedState, first: number): Promise<Replayed> {
  const { read } = decoderOf(ref.aggregate);
  let loaded = known;
  let position: Position | undefined;
  for await (const page of store.readStream(streamOf(ref), { from: first })) {
    for (const recorded of page) {
      if (recorded.revision === known.revision) assertSame(recorded, known);
      else loaded = fold(ref, loaded, recorded, read);
    }
    position = page.at(-1)?.position ?? position;
  }
  return { loaded, from: known.revision, position };
}

function assertSame(recorded: RecordedEvent, { link, recordedAt, revision }: LoadedState): void {
  if (recorded.link === link && recorded.recordedAt === recordedAt) return;
  throw new Error(`the stream holds another event at revision ${revision}`);
}

function emptyState(ref: AnyRef): LoadedState {
  return { state: ref.aggregate.initialState, revision: -1, link: CHAIN_START, recordedAt: 0 };
}

function fold(
  { aggregate }: AnyRef,
  loaded: LoadedState,
  recorded: RecordedEvent,
  read: ReadEvent,
): LoadedState {
  const { stream, revision } = recorded;
  const event = read(recorded);
  if (revision !== loaded.revision + 1) {
    throw new EventSourcingError(
      'store-damaged',
      `${stream}@${loaded.revision + 1} is missing from the store.`,
    );
  }
  return {
    state: aggregate.evolve(loaded.state, event),
    revision,
    link: recorded.link,
    recordedAt: recorded.recordedAt,
  };
}
