import type { EventStore } from '../event-store/event-store.ts';
import { streamOf } from './aggregate.ts';
import type { AnyRef } from './command.ts';
import type { LoadedState, StateCache } from './loaded-state.ts';
import type { Load } from './loading.ts';

/** Reads of states beside the commands: they hold no stream and wait in no queue. */
export interface StateReads {
  /** The aggregate as its stream has it. Where nobody else writes, that is what is cached. */
  read(ref: AnyRef): Promise<LoadedState>;
  /** The cache for the commands: what they change in it while a read is under way, that read does not overwrite. */
  readonly cache: StateCache;
}

export interface StateReadsOptions {
  readonly store: Pick<EventStore, 'sharedWriters'>;
  readonly cache: StateCache;
  readonly loadState: Load;
}

export function createStateReads({ store, cache, loadState }: StateReadsOptions): StateReads {
  /** By stream: the last read that is under way, and may still be kept. */
  const underWay = new Map<string, symbol>();

  async function load(ref: AnyRef, stream: string, known: LoadedState | undefined): Promise<LoadedState> {
    const own = Symbol(stream);
    underWay.set(stream, own);
    try {
      const loaded = await loadState(ref, known);
      if (underWay.get(stream) === own) cache.set(stream, loaded);
      return loaded;
    } finally {
      if (underWay.get(stream) === own) underWay.delete(stream);
    }
  }

  return {
    async read(ref) {
      const stream = streamOf(ref);
      const known = cache.get(stream);
      return known !== undefined && !store.sharedWriters ? known : load(ref, stream, known);
    },
    cache: {
      get: cache.get,
      set(stream, state) {
        underWay.delete(stream);
        cache.set(stream, state);
      },
      delete(stream) {
        underWay.delete(stream);
        cache.delete(stream);
      },
    },
  };
}
