/**
 * What every thread knows of the log at once: how far it is durable, and how far it is indexed. Zero is before the
 * first event.
 */
export interface SharedHead {
  readonly buffer: SharedArrayBuffer;
  durable(): number;
  indexed(): number;
  /** Wakes all who wait for the durable head. */
  setDurable(position: number): void;
  setIndexed(position: number): void;
  /** Asks the index's thread to finish. */
  stop(): void;
  stopping(): boolean;
  /** Blocks the thread until the durable head has left a position, at most so many milliseconds. */
  block(seen: number, milliseconds: number): void;
  /** Blocks the thread for so many milliseconds, or until it is asked to stop. */
  pause(milliseconds: number): void;
  /** As `block`, without blocking. */
  left(seen: number, milliseconds: number): Promise<void>;
  /** Wakes all who wait, for nothing but to look around. */
  wake(): void;
}

const DURABLE = 0;
const INDEXED = 1;
const STOP = 2;

export function createSharedHead(): SharedHead {
  return sharedHead(new SharedArrayBuffer(3 * BigInt64Array.BYTES_PER_ELEMENT));
}

export function sharedHead(buffer: SharedArrayBuffer): SharedHead {
  const cells = new BigInt64Array(buffer);
  const wake = () => {
    Atomics.notify(cells, DURABLE);
  };
  return {
    buffer,
    durable: () => Number(Atomics.load(cells, DURABLE)),
    indexed: () => Number(Atomics.load(cells, INDEXED)),
    setDurable(position) {
      Atomics.store(cells, DURABLE, BigInt(position));
      wake();
    },
    setIndexed(position) {
      Atomics.store(cells, INDEXED, BigInt(position));
    },
    stop() {
      Atomics.store(cells, STOP, 1n);
      Atomics.notify(cells, STOP);
      wake();
    },
    stopping: () => Atomics.load(cells, STOP) === 1n,
    block(seen, milliseconds) {
      Atomics.wait(cells, DURABLE, BigInt(seen), milliseconds);
    },
    pause(milliseconds) {
      Atomics.wait(cells, STOP, 0n, milliseconds);
    },
    async left(seen, milliseconds) {
      await Atomics.waitAsync(cells, DURABLE, BigInt(seen), milliseconds).value;
    },
    wake,
  };
}
