import {
  BACKWARDS,
  END,
  eventTypeFilter,
  FORWARDS,
  type Position,
  START,
  streamNameFilter,
} from '@kurrent/kurrentdb-client';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { all, asksServer, events, type ReadOptions } from './questions.ts';

const server = asksServer();

const append = (name: string, count = 1) =>
  server.client().appendToStream(server.stream(name), events(count));

const readAll = async (options: Parameters<ReturnType<typeof server.client>['readAll']>[0]) =>
  (await all(server.client().readAll(options))).map(({ event: found }) => found);

const ofStream = (name: string) => streamNameFilter({ prefixes: [server.stream(name)] });

describe('a read of a stream of five', () => {
  beforeAll(async () => void (await append('five', 5)));

  it.each<[string, ReadOptions, bigint[]]>([
    ['begins at the start', {}, [0n, 1n, 2n, 3n, 4n]],
    ['takes as many as asked', { maxCount: 2 }, [0n, 1n]],
    ['begins at a revision', { fromRevision: 2n, maxCount: 2 }, [2n, 3n]],
    ['finds nothing behind the end', { fromRevision: 100n }, []],
    ['goes backwards from the end', { direction: BACKWARDS, fromRevision: END, maxCount: 1 }, [4n]],
    [
      'goes backwards from a revision, which it includes',
      { direction: BACKWARDS, fromRevision: 2n },
      [2n, 1n, 0n],
    ],
    [
      'goes backwards from behind the end',
      { direction: BACKWARDS, fromRevision: 100n, maxCount: 2 },
      [4n, 3n],
    ],
  ])('%s', async (_title, options, revisions) => {
    expect(await server.revisions('five', options)).toEqual(revisions);
  });

  it.each<[string, string, ReadOptions]>([
    ['a count of none', 'five', { maxCount: 0 }],
    ['a revision that no stream can have', 'five', { fromRevision: 0xffff_ffff_ffff_fffen }],
  ])('%s looks like a server that is not there', async (_title, name, options) => {
    expect(await server.outcome(server.revisions(name, options))).toEqual({ type: 'unavailable' });
  });

  it.each<[string, ReadOptions]>([
    ['forwards', { direction: FORWARDS }],
    ['backwards', { direction: BACKWARDS, fromRevision: END }],
    ['from a revision', { fromRevision: 5n }],
  ])('a stream that was never written is not found, %s', async (_title, options) => {
    expect(await server.outcome(server.revisions('never', options))).toEqual({
      type: 'stream-not-found',
      stream: 'never',
    });
  });

  test('nine thousand events come in order, both ways', async () => {
    for (let n = 0; n < 9; n += 1) {
      await server.client().appendToStream(server.stream('long'), events(1000));
    }
    const forwards = Array.from({ length: 9000 }, (_, n) => BigInt(n));
    expect(await server.revisions('long')).toEqual(forwards);
    expect(await server.revisions('long', { direction: BACKWARDS, fromRevision: END })).toEqual(
      forwards.reverse(),
    );
  });
});

describe('a read of $all', () => {
  test('from a position begins at the event that has it', async () => {
    const { position } = await append('at');
    const [first] = await readAll({ fromPosition: position as Position, maxCount: 1 });
    expect(first?.streamId).toBe(server.stream('at'));
    expect(first?.position).toEqual(position);
  });

  test('backwards from a position begins before it', async () => {
    const { position } = await append('back-1');
    await append('back-2');
    const found = await readAll({ direction: BACKWARDS, fromPosition: position as Position, maxCount: 50 });
    const names = found.map((read) => read?.streamId);
    expect(names).not.toContain(server.stream('back-1'));
    expect(names).not.toContain(server.stream('back-2'));
  });

  test('from a commit position with prepare 0 is the same', async () => {
    const { position } = await append('prepared');
    const fromPosition = { commit: position?.commit ?? 0n, prepare: 0n };
    const [first] = await readAll({ fromPosition, maxCount: 1, filter: ofStream('prepared') });
    expect(first?.streamId).toBe(server.stream('prepared'));
  });

  test('from between two events looks like a server that is not there', async () => {
    const { position } = await append('between');
    const at = (position?.commit ?? 0n) - 1n;
    const read = readAll({ fromPosition: { commit: at, prepare: at }, maxCount: 1 });
    expect(await server.outcome(read)).toEqual({ type: 'unavailable' });
  });

  test('from beyond the end finds nothing', async () => {
    const far = { commit: 10n ** 15n, prepare: 10n ** 15n };
    expect(await readAll({ fromPosition: far, maxCount: 1 })).toEqual([]);
  });

  test('takes only the streams, or the types, that a filter names', async () => {
    await append('filtered-1', 2);
    await append('other', 2);
    const regex = `^${server.stream('filtered-')}[0-9]$`;
    for (const filter of [ofStream('filtered-'), streamNameFilter({ regex })]) {
      const found = await readAll({ fromPosition: START, maxCount: 5, filter });
      expect(found.map((read) => read?.streamId)).toEqual(Array(2).fill(server.stream('filtered-1')));
    }
    const typed = await readAll({
      fromPosition: START,
      maxCount: 5,
      filter: eventTypeFilter({ prefixes: ['Deposited'] }),
    });
    expect(new Set(typed.map((read) => read?.type))).toEqual(new Set(['Deposited']));
  });

  test('shows what streams no longer show', async () => {
    await append('hidden', 3);
    await server.client().deleteStream(server.stream('hidden'));
    expect(await readAll({ fromPosition: START, maxCount: 9, filter: ofStream('hidden') })).toHaveLength(3);
  });
});
