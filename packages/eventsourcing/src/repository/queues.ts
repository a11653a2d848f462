/** Something that waits for one or several streams at once. */
export interface Waiting {
  readonly streams: readonly string[];
}

/** What may be worked on together, in order. Its streams are busy until they are released. */
export interface Taken<Item extends Waiting> {
  readonly items: readonly Item[];
  readonly streams: readonly string[];
}

/** A queue for each stream. An item joins all its queues at once, so all agree on who came first: no cycles. */
export interface Queues<Item extends Waiting> {
  /** How many items wait. */
  readonly size: number;
  join(item: Item): void;
  /**
   * Takes what may run now, beginning with a stream's queue: items leave in order, and one of several streams only
   * when all before it in each of its queues is finished or taken with it. Undefined where nothing may run.
   */
  take(stream: string, max: number): Taken<Item> | undefined;
  release(streams: readonly string[]): void;
  /** Removes and returns the waiting items that `expired` picks. */
  remove(expired: (item: Item) => boolean): Item[];
  /** The streams that items wait for. */
  streams(): string[];
}

export function createQueues<Item extends Waiting>(): Queues<Item> {
  const queues = new Map<string, Item[]>();
  const busy = new Set<string>();
  let size = 0;

  const isFirst = (item: Item) => item.streams.every((stream) => queues.get(stream)?.[0] === item);

  function leave(item: Item): void {
    for (const stream of item.streams) {
      const queue = queues.get(stream) ?? [];
      queue.splice(queue.indexOf(item), 1);
      if (queue.length === 0) queues.delete(stream);
    }
    size--;
  }

  /** Takes the first items of one queue, and notes in `reached` the further streams that they wait for. */
  function takeFirst(stream: string, reached: Set<string>, items: Item[], max: number): void {
    while (items.length < max) {
      const item = queues.get(stream)?.[0];
      if (item === undefined || item.streams.some((each) => busy.has(each))) return;
      for (const each of item.streams) reached.add(each);
      if (!isFirst(item)) return;
      leave(item);
      items.push(item);
    }
  }

  return {
    get size() {
      return size;
    },

    join(item) {
      for (const stream of item.streams) {
        const queue = queues.get(stream);
        if (queue === undefined) queues.set(stream, [item]);
        else queue.push(item);
      }
      size++;
    },

    take(stream, max) {
      const items: Item[] = [];
      const reached = new Set([stream]);
      let before: number;
      do {
        before = items.length;
        for (const each of reached) takeFirst(each, reached, items, max);
      } while (items.length > before && items.length < max);
      if (items.length === 0) return undefined;
      const streams = [...new Set(items.flatMap((item) => item.streams))];
      for (const each of streams) busy.add(each);
      return { items, streams };
    },

    release(streams) {
      for (const stream of streams) busy.delete(stream);
    },

    remove(expired) {
      const removed = [...new Set([...queues.values()].flat())].filter(expired);
      for (const item of removed) leave(item);
      return removed;
    },

    streams: () => [...queues.keys()],
  };
}
