import type { EventReader } from '../event-store/event-store.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import type { ReadModelStore } from '../projections/read-model-store.ts';

/** What a process has of the world: it can be paused, as SIGSTOP does, and die. */
export interface PausableProcess {
  readonly store: ReadModelStore;
  readonly leases: LeaseStore;
  readonly reader: EventReader;
  /** Whatever it calls from now on has no effect, and whatever has had one no answer, before it goes on. */
  pause(): void;
  goOn(): void;
  /** Nothing that it calls has an effect any more. */
  crash(): void;
}

export function pausableProcess(
  store: ReadModelStore,
  leases: LeaseStore,
  reader: EventReader,
): PausableProcess {
  let paused: PromiseWithResolvers<void> | undefined;
  let crashed = false;

  async function gate(): Promise<void> {
    while (paused !== undefined) await paused.promise;
    if (crashed) throw new Error('crashed');
  }

  async function through<Result>(call: () => Promise<Result>): Promise<Result> {
    await gate();
    const result = await call();
    await gate();
    return result;
  }

  async function* each<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
    await gate();
    for await (const item of items) {
      await gate();
      yield item;
    }
  }

  return {
    store: {
      ...store,
      prepare: (model) => through(() => store.prepare(model)),
      takeOver: (model, partition) => through(() => store.takeOver(model, partition)),
      load: (model, ids) => through(() => store.load(model, ids)),
      apply: (model, batch) => through(() => store.apply(model, batch)),
      setLive: (model) => through(() => store.setLive(model)),
      versions: (name) => through(() => store.versions(name)),
      drop: (model) => through(() => store.drop(model)),
      checkpoints: (model) => through(() => store.checkpoints(model)),
      liveVersion: (name) => through(() => store.liveVersion(name)),
    },
    leases: {
      heartbeat: (holder, duration) => through(() => leases.heartbeat(holder, duration)),
      acquire: (lease, holder, duration) => through(() => leases.acquire(lease, holder, duration)),
      release: (lease, holder) => through(() => leases.release(lease, holder)),
      leave: (holder) => through(() => leases.leave(holder)),
      close: () => leases.close(),
    },
    reader: {
      readStream: (stream, options) => each(reader.readStream(stream, options)),
      readAll: (options) => each(reader.readAll(options)),
      subscribe: (options) => each(reader.subscribe(options)),
      head: () => through(() => reader.head()),
    },
    pause() {
      paused ??= Promise.withResolvers();
    },
    goOn() {
      paused?.resolve();
      paused = undefined;
    },
    crash() {
      crashed = true;
      paused?.resolve();
      paused = undefined;
    },
  };
}
