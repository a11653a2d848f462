import { expect, it } from 'vitest';
import type { EventStore } from '../event-store/event-store.ts';
import { context, newStore, repositoryOn } from '../testing/repositories.ts';
import { put, SHELF } from '../testing/shelves.ts';

it('a long stream is folded page by page, and never held as a whole', async () => {
  const store = newStore();
  const filling = repositoryOn(store);
  for (let boxes = 1; boxes <= 50; boxes++) await filling.execute(put('a', boxes), context());
  let folded = 0;
  const counting: typeof SHELF = {
    ...SHELF,
    evolve(boxes, event) {
      folded++;
      return SHELF.evolve(boxes, event);
    },
  };
  const foldedBefore: number[] = [];
  const inPagesOfTen: EventStore = {
    ...store,
    async *readStream(stream, options) {
      for await (const page of store.readStream(stream, options)) {
        for (let at = 0; at < page.length; at += 10) {
          foldedBefore.push(folded);
          yield page.slice(at, at + 10);
        }
      }
    },
  };
  await repositoryOn(inPagesOfTen).execute(
    { ...put('a', 1), on: [{ aggregate: counting, id: 'a' }] },
    context(),
  );
  expect(foldedBefore).toEqual([0, 10, 20, 30, 40]);
});
