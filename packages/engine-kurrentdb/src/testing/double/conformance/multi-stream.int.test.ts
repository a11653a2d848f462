import {
  ANY,
  type AppendStreamState,
  binaryEvent,
  type EventData,
  NO_STREAM,
  STREAM_EXISTS,
} from '@kurrent/kurrentdb-client';
import { describe, expect, it, test } from 'vitest';
import { asksServer, event, events, type Part } from './questions.ts';

const server = asksServer();

const { multi } = server;

const given = (name: string, count: number) =>
  server.client().appendToStream(server.stream(name), events(count), { streamState: NO_STREAM });

const conflict = (stream: string, expected: string, actual: string) => ({
  type: 'wrong-expected-version',
  stream,
  expected,
  actual,
});

describe('the revisions that a call to several streams expects', () => {
  it.each<[string, AppendStreamState, AppendStreamState, unknown]>([
    ['both right', 2n, 0n, { a: 3n, b: 1n }],
    ['any, and one that exists', ANY, STREAM_EXISTS, { a: 3n, b: 1n }],
    ['the first wrong', 0n, 0n, ['a', '0', '2']],
    ['the second wrong', 2n, 5n, ['b', '5', '0']],
    ['both wrong: the first is named', 0n, 5n, ['a', '0', '2']],
    ['a new stream, but it is there', NO_STREAM, 0n, ['a', 'no_stream', '2']],
    ['a revision not come to', 50n, 0n, ['a', '50', '2']],
  ])('%s', async (title, first, second, answer) => {
    const [a, b] = [`${title} a`, `${title} b`];
    await given(a, 3);
    await given(b, 1);
    const [stream, ...states] = Array.isArray(answer) ? answer : [];
    const [expected = '', actual = ''] = states;
    const promised =
      stream === undefined ? { [a]: 3n, [b]: 1n } : conflict(`${title} ${stream}`, expected, actual);
    expect(await multi([a, first, event(8)], [b, second, event(9)])).toEqual(promised);
  });

  test('a stream that is not there has no revision and does not exist', async () => {
    expect(await multi(['none', 4n, event(0)])).toEqual(conflict('none', '4', 'no_stream'));
    expect(await multi(['none', STREAM_EXISTS, event(0)])).toEqual(
      conflict('none', 'stream_exists', 'no_stream'),
    );
  });

  test('nothing of a refused call is written', async () => {
    await given('all-or-nothing', 1);
    await multi(['other-half', NO_STREAM, event(0)], ['all-or-nothing', 7n, event(1)]);
    expect(await server.revisions('all-or-nothing')).toEqual([0n]);
    expect(await server.outcome(server.revisions('other-half'))).toMatchObject({ type: 'stream-not-found' });
  });

  test('a hundred streams are no more than two', async () => {
    const parts = Array.from({ length: 100 }, (_, n): Part => [`many-${n}`, NO_STREAM, event(n)]);
    expect(await multi(...parts)).toMatchObject({ 'many-0': 0n, 'many-99': 0n });
  });
});

describe('the same call once more', () => {
  type Again = (one: string, a: EventData, two: string, b: EventData) => Part[];

  it.each<[string, Again, unknown]>([
    [
      'all of it',
      (one, a, two, b) => [
        [one, NO_STREAM, a],
        [two, NO_STREAM, b],
      ],
      'success',
    ],
    [
      'its streams in another order',
      (one, a, two, b) => [
        [two, NO_STREAM, b],
        [one, NO_STREAM, a],
      ],
      'success',
    ],
    [
      'without expectations',
      (one, a, two, b) => [
        [one, ANY, a],
        [two, ANY, b],
      ],
      'success',
    ],
    [
      'half of it new',
      (one, a) => [
        [one, NO_STREAM, a],
        ['half', NO_STREAM, event(1)],
      ],
      'conflict',
    ],
    [
      'half of it new, which comes first',
      (one, a) => [
        ['half', NO_STREAM, event(1)],
        [one, NO_STREAM, a],
      ],
      'conflict',
    ],
  ])('%s', async (title, again, answer) => {
    const [one, two, a, b] = [`${title} 1`, `${title} 2`, event(10), event(11)];
    await multi([one, NO_STREAM, a], [two, NO_STREAM, b]);
    const promised = answer === 'success' ? { [one]: 0n, [two]: 0n } : conflict(one, 'no_stream', '0');
    expect(await multi(...again(one, a, two, b))).toEqual(promised);
  });

  test('names a stream that was written when another one is not as expected', async () => {
    const a = event(10);
    await multi(['written', NO_STREAM, a]);
    await given('not-expected', 1);
    expect(await multi(['written', NO_STREAM, a], ['not-expected', NO_STREAM, event(11)])).toEqual(
      conflict('written', 'no_stream', '0'),
    );
  });

  test('has its first position, also behind later appends', async () => {
    const [a, b] = [event(10), event(11)];
    const write = () =>
      server.client().multiStreamAppend([
        { streamName: server.stream('again-1'), expectedState: NO_STREAM, events: [a] },
        { streamName: server.stream('again-2'), expectedState: NO_STREAM, events: [b] },
      ]);
    const first = await write();
    await server.client().appendToStream(server.stream('again-1'), event(1), { streamState: 0n });
    expect(await write()).toEqual(first);
  });

  test('is known where a plain append wrote it', async () => {
    const a = event(10);
    await server.client().appendToStream(server.stream('plain'), a, { streamState: NO_STREAM });
    expect(await multi(['plain', NO_STREAM, a])).toEqual({ plain: 0n });
  });
});

describe('what a call to several streams refuses', () => {
  const invalid = { type: 'unknown', code: 3 };

  it.each<[string, () => Part[], unknown]>([
    [
      'a stream without events',
      () => [
        ['guard', NO_STREAM],
        ['new', NO_STREAM, event(0)],
      ],
      invalid,
    ],
    ['a type with a space', () => [['new', NO_STREAM, event(0, { type: 'a b' })]], invalid],
    ['a type with a slash', () => [['new', NO_STREAM, event(0, { type: 'a/b' })]], invalid],
    ['no type', () => [['new', NO_STREAM, event(0, { type: '' })]], invalid],
    ['an id that is no UUID', () => [['new', NO_STREAM, event(0, { id: 'nope' })]], invalid],
    [
      'the nil id',
      () => [['new', NO_STREAM, event(0, { id: '00000000-0000-0000-0000-000000000000' })]],
      invalid,
    ],
    [
      'a stream twice',
      () => [
        ['new', ANY, event(0)],
        ['new', ANY, event(1)],
      ],
      { type: 'timeout', code: 10 },
    ],
    [
      'a stream twice in other case',
      () => [
        ['new', ANY, event(0)],
        ['NEW', ANY, event(1)],
      ],
      { type: 'timeout', code: 10 },
    ],
    ['no stream at all', () => [], { type: 'unknown', code: 9 }],
  ])('%s', async (_title, parts, answer) => {
    expect(await multi(...parts())).toEqual(answer);
  });

  test('types of letters of any alphabet, digits and _ . : $ - are fine', async () => {
    expect(await multi(['types', NO_STREAM, event(0, { type: 'é-a.b:c_d$1' })])).toEqual({ types: 0n });
  });

  test('a record above 16 MiB, and 8 MiB are fine', async () => {
    const large = (megabytes: number) => binaryEvent({ type: 'Large', data: Buffer.alloc(megabytes << 20) });
    expect(await multi(['eight', ANY, large(8)])).toEqual({ eight: 0n });
    expect(await multi(['seventeen', ANY, large(17)])).toEqual({
      type: 'append-record-size-exceeded',
      code: 3,
      stream: 'seventeen',
    });
  });

  test('metadata that is not flat, which the client says itself', async () => {
    expect(await multi(['nested', ANY, event(0, { metadata: { a: { b: 1 } } })])).toEqual({ type: 'Error' });
  });
});

describe('deleted streams in a call to several', () => {
  const deleted = async (name: string) => {
    await given(name, 2);
    await server.client().deleteStream(server.stream(name));
  };
  const gone = (stream: string) => ({ type: 'stream-tombstoned', code: 9, stream });

  it.each<[string, AppendStreamState, unknown]>([
    ['is not there', NO_STREAM, { stream: 2n }],
    ['is at its last revision', 1n, { stream: 2n }],
    ['is at no earlier revision', 0n, 'conflict'],
    ['does not exist', STREAM_EXISTS, 'gone'],
  ])('a soft-deleted stream %s', async (title, expected, answer) => {
    await deleted(title);
    const refusal = answer === 'gone' ? gone(title) : conflict(title, '0', '1');
    const promised = typeof answer === 'string' ? refusal : { [title]: 2n };
    expect(await multi([title, expected, event(2)])).toEqual(promised);
  });

  test('a tombstoned stream refuses every call, wherever it stands', async () => {
    await given('tomb', 1);
    await server.client().tombstoneStream(server.stream('tomb'));
    expect(await multi(['tomb', ANY, event(1)], ['beside', NO_STREAM, event(0)])).toEqual(gone('tomb'));
    expect(await multi(['beside', NO_STREAM, event(0)], ['tomb', 0n, event(1)])).toEqual(gone('tomb'));
  });

  test('a stream with metadata only exists', async () => {
    await server.client().setStreamMetadata(server.stream('metadata-only'), { maxCount: 3 });
    expect(await multi(['metadata-only', STREAM_EXISTS, event(0)])).toEqual({ 'metadata-only': 0n });
  });
});
