import { randomUUID } from 'node:crypto';
import {
  ANY,
  type AppendStreamState,
  binaryEvent,
  type EventData,
  jsonEvent,
  NO_STREAM,
  STREAM_EXISTS,
} from '@kurrent/kurrentdb-client';
import { describe, expect, it, test } from 'vitest';
import { all, asksServer, event, events } from './questions.ts';

const server = asksServer();

const append = (name: string, appended: EventData | EventData[], streamState: AppendStreamState = ANY) =>
  server.outcome(server.client().appendToStream(server.stream(name), appended, { streamState }));

const conflict = (stream: string, expected: string, actual: string) => ({
  type: 'wrong-expected-version',
  stream,
  expected,
  actual,
});

describe('the revision that an append expects', () => {
  it.each<[string, bigint, AppendStreamState, unknown]>([
    ['a new stream is not there', 0n, NO_STREAM, 0n],
    ['a new stream may be anything', 0n, ANY, 0n],
    ['a new stream does not exist', 0n, STREAM_EXISTS, ['stream_exists', 'no_stream']],
    ['a new stream has no revision 0', 0n, 0n, ['0', 'no_stream']],
    ['a stream of three is there', 3n, NO_STREAM, ['no_stream', '2']],
    ['a stream of three is at 2', 3n, 2n, 3n],
    ['a stream of three is past 0', 3n, 0n, ['0', '2']],
    ['a stream of three has not come to 10', 3n, 10n, ['10', '2']],
    ['a stream of three may be anything', 3n, ANY, 3n],
    ['a stream of three exists', 3n, STREAM_EXISTS, 3n],
  ])('%s', async (title, length, expected, answer) => {
    if (length > 0n) await append(title, events(Number(length)), NO_STREAM);
    const [wanted, actual] = Array.isArray(answer) ? answer : [];
    const promised = wanted === undefined ? answer : conflict(title, wanted, actual);
    expect(await append(title, event(9), expected)).toEqual(promised);
  });

  test('one of many that expect the same revision is written', async () => {
    await append('race', event(0));
    const answers = await Promise.all(events(20).map((raced) => append('race', raced, 0n)));
    expect(answers.filter((answer) => answer === 1n)).toHaveLength(1);
    expect(answers.filter((answer) => answer !== 1n)).toEqual(
      Array.from({ length: 19 }, () => conflict('race', '0', '1')),
    );
  });

  test('appends that are under way together keep the order in which they were sent', async () => {
    const answers = await Promise.all(
      events(50).map((sent, n) => append('pipe', sent, n === 0 ? NO_STREAM : BigInt(n - 1))),
    );
    expect(answers).toEqual(Array.from({ length: 50 }, (_, n) => BigInt(n)));
  });

  test('a call with credentials of its own takes another way, with the same answers', async () => {
    const credentials = { username: 'admin', password: 'changeit' };
    const alone = (name: string, streamState: AppendStreamState) =>
      server.outcome(
        server.client().appendToStream(server.stream(name), event(0), { streamState, credentials }),
      );
    expect(await alone('unary', NO_STREAM)).toBe(0n);
    expect(await alone('unary', 7n)).toEqual(conflict('unary', '7', '0'));
    expect(await alone('unary-none', 7n)).toEqual(conflict('unary-none', '7', 'no_stream'));
  });
});

describe('the same append once more', () => {
  type Pick = (written: ReturnType<typeof events>) => (EventData | undefined)[];

  it.each<[string, Pick, AppendStreamState, unknown]>([
    ['all of it', ([a, b, c]) => [a, b, c], NO_STREAM, 2n],
    ['the first event', ([a]) => [a], NO_STREAM, 0n],
    ['the last two', ([, b, c]) => [b, c], 0n, 2n],
    ['a part and more', ([, , c]) => [c, event(7)], 1n, conflict('a part and more', '1', '2')],
    ['in another order', ([a, b]) => [b, a], NO_STREAM, conflict('in another order', 'no_stream', '2')],
    ['without an expectation', ([a]) => [a], ANY, 0n],
    ['of a stream that exists', ([, b]) => [b], STREAM_EXISTS, 1n],
    [
      'known, then new, at any revision',
      ([, , c]) => [c, event(7)],
      ANY,
      conflict('known, then new, at any revision', 'any', '2'),
    ],
    ['new, then known, at any revision', ([a]) => [event(7), a], ANY, 4n],
    ['known ones with a gap, at any revision', ([a, , c]) => [a, c], ANY, 2n],
    ['at the right revision: the id is no hindrance', ([a]) => [a], 2n, 3n],
  ])('%s', async (title, again, expected, answer) => {
    const written = events(3);
    await append(title, written, NO_STREAM);
    const sent = again(written).filter((picked) => picked !== undefined);
    expect(await append(title, sent, expected)).toEqual(answer);
  });

  test('has its first position, also behind later appends', async () => {
    const sent = event(0);
    const write = () =>
      server.client().appendToStream(server.stream('again'), sent, { streamState: NO_STREAM });
    const first = await write();
    await append('again', event(1), 0n);
    await append('elsewhere', event(1));
    expect(await write()).toEqual(first);
  });

  test('compares ids, never contents', async () => {
    const id = randomUUID();
    await append('contents', event(0, { id }), NO_STREAM);
    expect(await append('contents', event(999, { id, type: 'Other' }), NO_STREAM)).toBe(0n);
  });

  test('has no position where readers no longer see its events', async () => {
    const sent = event(0);
    await append('truncated', sent, NO_STREAM);
    await append('truncated', event(1), 0n);
    await server.client().setStreamMetadata(server.stream('truncated'), { maxCount: 1 });
    expect(await append('truncated', sent, NO_STREAM)).toEqual([0n, 'no position']);
  });

  test('has no position on a stream that was deleted', async () => {
    const sent = event(0);
    await append('gone', sent, NO_STREAM);
    await server.client().deleteStream(server.stream('gone'));
    expect(await append('gone', sent, NO_STREAM)).toEqual([0n, 'no position']);
  });

  test('an id may come twice in one append, and again in another stream', async () => {
    const id = randomUUID();
    expect(await append('twice', [event(0, { id }), event(1, { id })], NO_STREAM)).toBe(1n);
    expect(await append('twice-elsewhere', event(0, { id }), NO_STREAM)).toBe(0n);
  });
});

describe('an append without events', () => {
  it.each<[string, AppendStreamState, unknown]>([
    ['checks the right revision', 0n, 0n],
    ['checks the wrong revision', 7n, conflict('checks the wrong revision', '7', '0')],
    [
      'checks that there is no stream',
      NO_STREAM,
      conflict('checks that there is no stream', 'no_stream', '0'),
    ],
    ['takes any revision', ANY, 0n],
  ])('%s', async (title, expected, answer) => {
    await append(title, event(0), NO_STREAM);
    expect(await append(title, [], expected)).toEqual(answer);
  });

  test('makes no stream', async () => {
    expect(await append('nothing', [], NO_STREAM)).toBe(0n);
    expect(await append('nothing', event(0), NO_STREAM)).toBe(0n);
  });
});

describe('what an append refuses', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['no type', () => append('refused', event(0, { type: '' }))],
    ['an id that is no UUID', () => append('refused', event(0, { id: 'nope' }))],
    ['no stream name', () => server.outcome(server.client().appendToStream('', event(0)))],
  ])('%s', async (_title, ask) => {
    expect(await ask()).toEqual({ type: 'unknown' });
  });

  test('a deadline that is over, and then writes nothing', async () => {
    const late = server.client().appendToStream(server.stream('late'), event(0), { deadline: 1 });
    expect(await server.outcome(late)).toEqual({ type: 'deadline-exceeded' });
    expect(await server.outcome(server.revisions('late'))).toMatchObject({ type: 'stream-not-found' });
  });

  test('20 MiB, with the code of a server whose limits are exhausted; appends go on', async () => {
    const large = binaryEvent({ type: 'Large', data: Buffer.alloc(20 << 20) });
    expect(await append('large', large)).toEqual({ type: 'unknown', code: 8 });
    expect(await append('small', event(0))).toBe(0n);
  });

  test('a size below 16 MiB is no reason', async () => {
    expect(await append('two', jsonEvent({ type: 'Large', data: { x: 'y'.repeat(2 << 20) } }))).toBe(0n);
  });
});

describe('what is stored of an event', () => {
  const readBack = async (name: string) =>
    (await all(server.client().readStream(server.stream(name), { maxCount: 1 })))[0]?.event;

  test('its data and metadata as they were written, its id in lower case', async () => {
    const id = randomUUID();
    const metadata = { a: { b: [1, null, 1.5] } };
    await append('whole', event(5, { id: id.toUpperCase(), metadata }));
    expect(await readBack('whole')).toMatchObject({
      id,
      type: 'Deposited',
      data: { n: 5 },
      metadata,
      isJson: true,
      revision: 0n,
      created: expect.any(Date),
    });
  });

  test('no metadata where there was none', async () => {
    await append('bare', jsonEvent({ type: 'Deposited', data: { n: 0 } }));
    expect(await readBack('bare')).toMatchObject({ metadata: undefined });
  });

  test('names of streams keep their case and their letters', async () => {
    await append('Ü x/y', event(0));
    expect((await readBack('Ü x/y'))?.streamId).toBe(server.stream('Ü x/y'));
    expect(await server.outcome(server.revisions('ü x/y'))).toMatchObject({ type: 'stream-not-found' });
  });

  test('an append of several chunks is one append', async () => {
    const many = Array.from({ length: 30 }, (_, n) => event(n, { data: { x: 'z'.repeat(1000) } }));
    const sent = server
      .client()
      .appendToStream(server.stream('chunks'), many, { batchAppendSize: 5000, streamState: NO_STREAM });
    expect(await server.outcome(sent)).toBe(29n);
  });
});
