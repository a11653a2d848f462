import {
  ANY,
  type AppendStreamState,
  NO_STREAM,
  START,
  STREAM_EXISTS,
  STREAM_STATE,
  streamNameFilter,
} from '@kurrent/kurrentdb-client';
import { describe, expect, it, test } from 'vitest';
import { all, asksServer, event, events } from './questions.ts';

const server = asksServer();
type Recorded = [name: string, record: ReturnType<typeof event>];
type Check = [name: string, expected: AppendStreamState];

const append = (records: Recorded[], checks: Check[] = []) =>
  server.outcome(
    server.client().appendRecords(
      records.map(([name, record]) => ({ streamName: server.stream(name), record })),
      checks.map(([name, expectedState]) => ({
        type: STREAM_STATE,
        streamName: server.stream(name),
        expectedState,
      })),
    ),
  );

const given = (name: string, count: number) =>
  server.client().appendToStream(server.stream(name), events(count), { streamState: NO_STREAM });

const violated = (...violations: [index: number, stream: string, expected: string, actual: string][]) => ({
  type: 'append-consistency-violation',
  code: 9,
  violations: violations.map(([checkIndex, streamName, expectedState, actualState]) => ({
    checkIndex,
    streamName,
    expectedState,
    actualState,
  })),
});

describe('records for several streams', () => {
  test('keep the order in which they were given, across streams', async () => {
    const answer = await append([
      ['turn-1', event(0)],
      ['turn-2', event(0)],
      ['turn-1', event(1)],
    ]);
    expect(answer).toEqual({ 'turn-1': 1n, 'turn-2': 0n });
    const filter = streamNameFilter({ prefixes: [server.stream('turn-')] });
    const read = await all(server.client().readAll({ fromPosition: START, maxCount: 5, filter }));
    expect(read.map(({ event: found }) => `${found?.streamId.slice(-6)}@${found?.revision}`)).toEqual([
      'turn-1@0',
      'turn-2@0',
      'turn-1@1',
    ]);
  });

  it.each<[string, AppendStreamState, unknown]>([
    ['holds on a stream that is not written', 1n, undefined],
    ['does not hold at another revision', 0n, ['0', '1']],
    ['does not hold for a new stream', NO_STREAM, ['no_stream', '1']],
    ['holds for a stream that exists', STREAM_EXISTS, undefined],
  ])('a check %s', async (title, expected, states) => {
    await given(title, 2);
    const [wanted, actual] = Array.isArray(states) ? states : [];
    const promised =
      states === undefined ? { [`${title} written`]: 0n } : violated([0, title, wanted, actual]);
    expect(await append([[`${title} written`, event(0)]], [[title, expected]])).toEqual(promised);
  });

  test('every check that does not hold is named', async () => {
    await given('seen', 2);
    const answer = await append(
      [['unwritten', event(0)]],
      [
        ['seen', 0n],
        ['missing', STREAM_EXISTS],
        ['void', 3n],
      ],
    );
    expect(answer).toEqual(
      violated(
        [0, 'seen', '0', '1'],
        [1, 'missing', 'stream_exists', 'no_stream'],
        [2, 'void', '3', 'no_stream'],
      ),
    );
    expect(await server.outcome(server.revisions('unwritten'))).toMatchObject({ type: 'stream-not-found' });
  });

  test('the same records once more succeed, also where the check no longer holds', async () => {
    await given('guard', 1);
    const record = event(0);
    await append([['once', record]], [['guard', 0n]]);
    await server.client().appendToStream(server.stream('guard'), event(1));
    expect(await append([['once', record]], [['guard', 0n]])).toEqual({ once: 0n });
  });

  test('a deleted stream is not there, is at its last revision, and does not exist', async () => {
    await given('deleted', 2);
    await server.client().deleteStream(server.stream('deleted'));
    expect(await append([['beside', event(0)]], [['deleted', NO_STREAM]])).toEqual({ beside: 0n });
    expect(await append([['beside', event(1)]], [['deleted', 1n]])).toEqual({ beside: 1n });
    expect(await append([['beside', event(2)]], [['deleted', STREAM_EXISTS]])).toEqual(
      violated([0, 'deleted', 'stream_exists', '-5']),
    );
  });

  test('a tombstoned stream holds no check and takes no record', async () => {
    await given('tomb', 1);
    await server.client().tombstoneStream(server.stream('tomb'));
    expect(await append([['free', event(0)]], [['tomb', 0n]])).toEqual(violated([0, 'tomb', '0', '-6']));
    expect(await append([['tomb', event(0)]])).toEqual(violated([0, 'tomb', 'any', '-6']));
  });

  it.each<[string, Recorded[], Check[]]>([
    ['a check of any state', [['new', event(0)]], [['other', ANY]]],
    [
      'a check twice',
      [['new', event(0)]],
      [
        ['other', NO_STREAM],
        ['other', NO_STREAM],
      ],
    ],
    [
      'a check twice in other case',
      [['new', event(0)]],
      [
        ['other', NO_STREAM],
        ['OTHER', NO_STREAM],
      ],
    ],
    ['no records', [], [['other', NO_STREAM]]],
    ['a type with a space', [['new', event(0, { type: 'a b' })]], []],
  ])('%s is refused', async (_title, records, checks) => {
    expect(await append(records, checks)).toEqual({ type: 'unknown', code: 3 });
  });
});
