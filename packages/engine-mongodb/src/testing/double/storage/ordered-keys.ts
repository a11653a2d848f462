/** Texts in order, each with a value: what an index is made of. Adding, deleting and finding are logarithmic. */
export interface OrderedKeys<T> {
  add(key: string, value: T): void;
  delete(key: string): void;
  /** The values of keys from `from` on and before `to`, in order or in descending order. */
  range(from: string, to: string, descending: boolean): Iterable<T>;
}

/** Keys and values of one stretch, side by side. */
interface Chunk<T> {
  readonly keys: string[];
  readonly values: T[];
}

const MOST = 512;

/** Sorted arrays of at most 512 keys: quick to search, cheap to insert into. */
export function createOrderedKeys<T>(): OrderedKeys<T> {
  const chunks: Chunk<T>[] = [{ keys: [], values: [] }];

  /** The last chunk that begins at or before the key. */
  function chunkFor(key: string): number {
    let low = 0;
    let high = chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((chunks[middle]?.keys[0] ?? '') <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  function split(at: number, chunk: Chunk<T>): void {
    const half = chunk.keys.length >>> 1;
    chunks.splice(at + 1, 0, { keys: chunk.keys.splice(half), values: chunk.values.splice(half) });
  }

  function* ascending(from: string, to: string): Generator<T> {
    for (let at = chunkFor(from); at < chunks.length; at++) {
      const { keys, values } = chunks[at] ?? EMPTY;
      for (let i = lowerBound(keys, from); i < keys.length; i++) {
        if ((keys[i] ?? '') >= to) return;
        const value = values[i];
        if (value !== undefined) yield value;
      }
    }
  }

  function* downwards(from: string, to: string): Generator<T> {
    for (let at = chunkFor(to); at >= 0; at--) {
      const { keys, values } = chunks[at] ?? EMPTY;
      for (let i = lowerBound(keys, to) - 1; i >= 0; i--) {
        if ((keys[i] ?? '') < from) return;
        const value = values[i];
        if (value !== undefined) yield value;
      }
    }
  }

  return {
    add(key, value) {
      const at = chunkFor(key);
      const chunk = chunks[at];
      if (chunk === undefined) throw new Error('unreachable: there is always a chunk');
      const place = lowerBound(chunk.keys, key);
      chunk.keys.splice(place, 0, key);
      chunk.values.splice(place, 0, value);
      if (chunk.keys.length > MOST) split(at, chunk);
    },
    delete(key) {
      const at = chunkFor(key);
      const chunk = chunks[at];
      const place = chunk === undefined ? 0 : lowerBound(chunk.keys, key);
      if (chunk?.keys[place] !== key) throw new Error('unreachable: the key of an index is not there');
      chunk.keys.splice(place, 1);
      chunk.values.splice(place, 1);
      if (chunk.keys.length === 0 && chunks.length > 1) chunks.splice(at, 1);
    },
    range: (from, to, descending) => (descending ? downwards(from, to) : ascending(from, to)),
  };
}

const EMPTY = { keys: [], values: [] };

/** The place of the first key that is not before the given one. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
