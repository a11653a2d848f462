import {
  ANY,
  type AppendStreamState,
  BACKWARDS,
  END,
  type KurrentDBClient,
  NO_STREAM,
  START,
  STREAM_EXISTS,
  type StreamState,
  streamNameFilter,
} from '@kurrent/kurrentdb-client';
import { describe, expect, it, test } from 'vitest';
import { all, asksServer, event, events } from './questions.ts';

const server = asksServer();

const append = (name: string, count = 1, streamState: AppendStreamState = ANY) =>
  server.outcome(server.client().appendToStream(server.stream(name), events(count), { streamState }));
const setMetadata = (name: string, metadata: Parameters<KurrentDBClient['setStreamMetadata']>[1]) =>
  server.outcome(server.client().setStreamMetadata(server.stream(name), metadata));
const metadataOf = async (name: string) =>
  (await server.client().getStreamMetadata(server.stream(name))).metadata;
const remove = (name: string, expectedRevision: StreamState = ANY) =>
  server.outcome(server.client().deleteStream(server.stream(name), { expectedRevision }));
const entomb = (name: string, expectedRevision: StreamState = ANY) =>
  server.outcome(server.client().tombstoneStream(server.stream(name), { expectedRevision }));

const gone = { position: expect.anything() };
const missing = (stream: string) => ({ type: 'stream-not-found', stream });
const tombstoned = (stream: string) => ({ type: 'stream-deleted', stream });

describe('what metadata hides', () => {
  test('all but the last events, from the readers of the stream', async () => {
    await append('count', 5);
    await setMetadata('count', { maxCount: 2 });
    expect(await server.revisions('count')).toEqual([3n, 4n]);
    expect(await server.revisions('count', { fromRevision: 0n })).toEqual([3n, 4n]);
    expect(await server.revisions('count', { direction: BACKWARDS, fromRevision: END })).toEqual([4n, 3n]);
    expect(await server.revisions('count', { direction: BACKWARDS, fromRevision: 1n })).toEqual([]);
  });

  test('events before a revision, also one beyond the end: that is an empty stream, not a missing one', async () => {
    await append('before', 3);
    await setMetadata('before', { truncateBefore: 2 });
    expect(await server.revisions('before')).toEqual([2n]);
    await setMetadata('before', { truncateBefore: 10 });
    expect(await server.revisions('before')).toEqual([]);
    expect(await append('before', 1, 2n)).toBe(3n);
    expect(await server.revisions('before')).toEqual([]);
  });

  test('nothing, where it cannot be read', async () => {
    const broken = event(0, { type: '$metadata', data: { $maxCount: 'x' } });
    await server.client().appendToStream(`$$${server.stream('broken')}`, broken);
    await append('broken');
    expect(await server.revisions('broken')).toEqual([0n]);
  });

  test('is read back as it was set, and a stream of it shows the last only', async () => {
    const metadata = { maxCount: 3, maxAge: 1000, truncateBefore: 4, cacheControl: 10, mine: { a: 1 } };
    await setMetadata('meta', { maxCount: 2 });
    await setMetadata('meta', metadata);
    expect(await metadataOf('meta')).toEqual(metadata);
    const name = `$$${server.stream('meta')}`;
    const [last, ...more] = await all(server.client().readStream(name, { maxCount: 10 }));
    expect([last?.event?.revision, last?.event?.type, more]).toEqual([1n, '$metadata', []]);
  });

  test('a stream with metadata only is not found, takes its first event, and exists', async () => {
    await setMetadata('only', { maxCount: 3 });
    expect(await server.outcome(server.revisions('only'))).toEqual(missing('only'));
    expect(await append('only', 1, STREAM_EXISTS)).toBe(0n);
    await setMetadata('only-new', { maxCount: 3 });
    expect(await append('only-new', 1, NO_STREAM)).toBe(0n);
  });
});

describe('a stream that was deleted', () => {
  it.each<[string, AppendStreamState, unknown]>([
    ['takes events as a new one, but its revisions go on', NO_STREAM, 2n],
    ['takes events at its last revision', 1n, 2n],
    ['takes events at any', ANY, 2n],
    ['is at no earlier revision', 0n, 'conflict'],
    ['does not exist', STREAM_EXISTS, 'deleted'],
  ])('%s', async (title, expected, answer) => {
    await append(title, 2);
    expect(await remove(title)).toEqual(gone);
    expect(await server.outcome(server.revisions(title))).toEqual(missing(title));
    const conflict = { type: 'wrong-expected-version', stream: title, expected: '0', actual: '1' };
    const promised = answer === 'conflict' ? conflict : answer === 'deleted' ? tombstoned(title) : answer;
    expect(await append(title, 1, expected)).toEqual(promised);
  });

  test('shows only what was written since', async () => {
    await append('revived', 2);
    await remove('revived', 1n);
    await append('revived');
    expect(await server.revisions('revived')).toEqual([2n]);
    expect(await metadataOf('revived')).toEqual({ truncateBefore: 2 });
  });

  it.each<[string, number, StreamState, string, string]>([
    ['is not there', 0, ANY, '-2', '-1'],
    ['is at another revision', 2, 5n, '5', '1'],
    ['is expected not to be there', 2, NO_STREAM, '-1', '1'],
  ])('is refused to be deleted when it %s', async (title, count, asked, expected, actual) => {
    if (count > 0) await append(title, count);
    const answer = { type: 'wrong-expected-version', code: 9, stream: title, expected, actual };
    expect(await remove(title, asked)).toEqual(answer);
  });

  test('may be deleted again', async () => {
    await append('again');
    await remove('again');
    expect(await remove('again')).toEqual(gone);
  });
});

describe('a stream that was deleted for ever', () => {
  it.each<[string, (name: string) => Promise<unknown>]>([
    ['is not read', (name) => server.outcome(server.revisions(name))],
    ['takes no event', (name) => append(name)],
    ['takes no first event', (name) => append(name, 1, NO_STREAM)],
    ['is not deleted once more', (name) => remove(name)],
    ['is not deleted for ever once more', (name) => entomb(name)],
  ])('%s', async (title, ask) => {
    await append(title, 2);
    expect(await entomb(title)).toEqual(gone);
    expect(await ask(title)).toMatchObject(tombstoned(title));
  });

  test('has no metadata', async () => {
    await append('tomb');
    await entomb('tomb');
    expect(await server.outcome(metadataOf('tomb'))).toMatchObject(tombstoned('$$tomb'));
    expect(await setMetadata('tomb', { maxCount: 1 })).toMatchObject(tombstoned('$$tomb'));
  });

  test('may never have been there, but must be at the revision expected', async () => {
    expect(await entomb('never')).toEqual(gone);
    await append('wrong');
    expect(await entomb('wrong', 5n)).toMatchObject({
      type: 'wrong-expected-version',
      expected: '5',
      actual: '0',
    });
  });

  test('leaves a tombstone in $all, behind its events', async () => {
    await append('left', 2);
    await entomb('left');
    const filter = streamNameFilter({ prefixes: [server.stream('left')] });
    const read = await all(server.client().readAll({ fromPosition: START, maxCount: 9, filter }));
    expect(read.map(({ event: found }) => [found?.revision, found?.type])).toEqual([
      [0n, 'Deposited'],
      [1n, 'Deposited'],
      [0x7fff_ffff_ffff_ffffn, '$streamDeleted'],
    ]);
  });
});
