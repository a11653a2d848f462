import { CHAIN_START } from '../chain.ts';
import { EventSourcingError } from '../errors.ts';
import type { RecordedEvent } from '../event.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { streamOf } from './aggregate.ts';
import type { AnyRef } from './command.ts';
import { decodeEvent } from './event-codec.ts';
import type { LoadedState } from './loaded-state.ts';

/** The aggregate as its stream has it now, folded in bounded memory; from `known` on where a state is at hand. */
export async function loadState(
  store: EventReader,
  ref: AnyRef,
  known: LoadedState = emptyState(ref),
): Promise<LoadedState> {
  let loaded = known;
  for await (const page of store.readStream(streamOf(ref), { from: known.revision + 1 })) {
    for (const recorded of page) loaded = fold(ref, loaded, recorded);
  }
  return loaded;
}

function emptyState(ref: AnyRef): LoadedState {
  return { state: ref.aggregate.initialState, revision: -1, link: CHAIN_START, recordedAt: 0 };
}

function fold({ aggregate }: AnyRef, loaded: LoadedState, recorded: RecordedEvent): LoadedState {
  const { type, stream, revision } = recorded;
  if (!aggregate.eventTypes.includes(type)) {
    throw new EventSourcingError(
      'unknown-event-type',
      `${stream}@${revision} is a ${type}, which this version of ${aggregate.type} does not know: run a version that does.`,
    );
  }
  if (revision !== loaded.revision + 1) {
    throw new EventSourcingError(
      'store-damaged',
      `${stream}@${loaded.revision + 1} is missing from the store.`,
    );
  }
  return {
    state: aggregate.evolve(loaded.state, decodeEvent(recorded)),
    revision,
    link: recorded.link,
    recordedAt: recorded.recordedAt,
  };
}
