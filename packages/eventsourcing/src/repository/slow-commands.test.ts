import { expect, it } from 'vitest';
import { boxesOn, context, newStore, repositoryOn } from '../testing/repositories.ts';
import { move, put } from '../testing/shelves.ts';

it('a command whose preparation takes long holds up its own aggregates, and nobody else', async () => {
  const store = newStore();
  const repository = repositoryOn(store);
  await Promise.all(['a', 'b', 'c'].map((id) => repository.execute(put(id, 10), context())));
  const slow = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const done: string[] = [];
  const note = (name: string) => () => void done.push(name);
  const prepare = () => {
    begun.resolve();
    return slow.promise;
  };
  const held = repository.execute({ ...move('a', 'b', 1), prepare }, context()).then(note('held'));
  await begun.promise;
  const behind = repository.execute(put('a', 1), context()).then(note('behind'));

  for (let at = 0; at < 20; at++) await repository.execute(put('c', 1), context());
  await Promise.all(['d', 'e'].map((id) => repository.execute(move('c', id, 1), context())));
  expect(done).toEqual([]);
  expect(await boxesOn(store, 'c')).toBe(28);

  slow.resolve();
  await Promise.all([held, behind]);
  expect(done).toEqual(['held', 'behind']);
  expect([await boxesOn(store, 'a'), await boxesOn(store, 'b')]).toEqual([10, 11]);
});
