/**
 * Works on all items, so many at once. Items whose places differ by a multiple of `concurrency` come one after the other,
 * so that each can expect what the one before has left.
 */
export async function inFlight<Item>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const worker = async (first: number): Promise<void> => {
    for (let at = first; at < items.length; at += concurrency) {
      const item = items[at];
      if (item !== undefined) await work(item);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, (_, first) => worker(first)));
}
