import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { EventSourcingError } from '../errors.ts';
import type { EventStore } from '../event-store/event-store.ts';
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

it('all that wait behind a load which finds the store away are told so at once, and none asks it again', async () => {
  const store = newStore();
  const away = Promise.withResolvers<never>();
  let asked = 0;
  const unreachable: EventStore = {
    ...store,
    // biome-ignore lint/correctness/useYield: it never comes so far
    async *readStream() {
      asked++;
      await away.promise;
    },
    claim: () => away.promise,
  };
  const repository = repositoryOn(unreachable);
  const commands = Array.from({ length: 50 }, (_, at) =>
    repository.execute(put('a', 1), context({ key: `k${at}` })),
  );
  await setImmediate();
  away.reject(new EventSourcingError('store-unavailable', 'away'));
  for (const each of await Promise.allSettled(commands))
    expect(each).toMatchObject({ status: 'rejected', reason: { code: 'store-unavailable' } });
  // Once for whoever came first, and once for all who came meanwhile.
  expect(asked).toBe(2);
});

it('a command that has waited too long for the preparation of those before it is refused, not prepared too', async () => {
  const repository = repositoryOn(newStore(), { timeoutMs: 50 });
  await repository.execute(put('a', 1), context());
  let prepared = 0;
  const prepare = async () => {
    prepared++;
    await sleep(80);
  };
  const commands = [1, 2, 3].map(() => repository.execute({ ...put('a', 1), prepare }, context()));
  const [first, ...others] = await Promise.allSettled(commands);
  expect(first).toMatchObject({ status: 'fulfilled', value: { revision: 1 } });
  for (const other of others)
    expect(other).toMatchObject({ status: 'rejected', reason: { code: 'overloaded' } });
  expect(prepared).toBe(1);
});
