import { once } from 'node:events';
import { type Position, START, streamNameFilter } from '@kurrent/kurrentdb-client';
import { describe, expect, it, test, vi } from 'vitest';
import { asksServer, event, events } from './questions.ts';

const server = asksServer();

/** Where things are, counted from the event behind which the subscription starts: `E` events, `C` checkpoints. */
const observe = async (
  title: string,
  interval: number,
  window: number,
  count: number,
  matchEvery: number,
) => {
  const positions = new Map<bigint, number>();
  const write = async (name: string, index: number) => {
    const appended = await server.client().appendToStream(server.stream(`${title} ${name}`), event(index));
    positions.set(appended.position?.commit ?? -1n, index);
    return appended.position as Position;
  };
  const writeAll = async (from: number) => {
    for (let n = 0; n < count; n += 1) await write(n % matchEvery === 0 ? 'yes' : 'no', from + n);
  };
  const start = await write('mark', 0);
  await writeAll(1);
  const seen: string[] = [];
  const at = (kind: string, { commit, prepare }: Position) =>
    seen.push(`${kind}${positions.get(commit)}${prepare === 0n ? ',0' : ''}`);
  const subscription = server.client().subscribeToAll({
    fromPosition: start,
    filter: streamNameFilter({
      prefixes: [server.stream(`${title} yes`)],
      checkpointInterval: interval,
      maxSearchWindow: window,
      checkpointReached: async (_subscription, position) => void at('C', position),
    }),
  });
  subscription.on('data', ({ event: found }) => at('E', found?.position ?? { commit: 0n, prepare: 0n }));
  await once(subscription, 'caughtUp');
  await vi.waitFor(() => expect(seen).not.toEqual([]));
  const caughtUp = seen.splice(0);
  await writeAll(count + 1);
  return { subscription, caughtUp, live: seen };
};

/** Nothing else may write to the log meanwhile: these questions are not for a server in use. */
describe.skipIf(process.env.OPENBANK_TEST_KURRENTDB !== undefined)(
  'checkpoints of a filtered subscription',
  () => {
    it.each<[string, [interval: number, window: number, count: number, matchEvery: number], string, string]>([
      [
        'end every page that has matches at its last match, also the last page',
        [1, 2, 10, 1],
        'E1 C1 E2 E3 C3 E4 E5 C5 E6 E7 C7 E8 E9 C9 E10 C10',
        'E11 E12 C12 E13 E14 C14 E15 E16 C16 E17 E18 C18 E19 E20 C20',
      ],
      [
        'come before the end of a page that is not full',
        [1, 32, 5, 1],
        'E1 E2 E3 E4 E5 C5',
        'E6 E7 E8 E9 E10',
      ],
      [
        'stand at the beginning of a page without a match, with prepare 0',
        [1, 1, 4, 2],
        'C0,0 E1 C1 C2,0 E3 C3 C4,0',
        'E5 C5 C6 E7 C7 C8',
      ],
      [
        'come every so many pages, and then count anew',
        [3, 2, 20, 4],
        'E1 E5 C5 E9 C10,0 E13 E17 C17 C20,0',
        'E21 E25 C26 E29 C32 E33 E37 C38',
      ],
      ['come although nothing matches', [2, 10, 50, 50], 'E1 C10,0 C30,0 C50,0', 'E51 C70 C90'],
    ])('%s', async (title, question, caughtUp, live) => {
      const seen = await observe(title, ...question);
      expect(seen.caughtUp.join(' ')).toBe(caughtUp);
      await vi.waitFor(() => expect(seen.live.join(' ')).toBe(live));
      await seen.subscription.unsubscribe();
    });
  },
);

describe('a checkpoint', () => {
  const subscribe = (fromPosition: Position | typeof START, reached: Position[] = []) =>
    server.client().subscribeToAll({
      fromPosition,
      filter: streamNameFilter({
        prefixes: [server.stream('counted')],
        checkpointInterval: 1,
        maxSearchWindow: 5,
        checkpointReached: async (_subscription, position) => void reached.push(position),
      }),
    });

  test('is ahead of a reader that is slow', async () => {
    await server.client().appendToStream(server.stream('counted'), events(40));
    const reached: Position[] = [];
    let handled = 0;
    let handledAtFirst = -1;
    const subscription = subscribe(START, reached);
    for await (const _ of subscription) {
      if (handledAtFirst < 0 && reached.length > 4) handledAtFirst = handled;
      await new Promise(setImmediate);
      handled += 1;
      if (handled === 40) break;
    }
    expect(handledAtFirst).toBeLessThan(20);
  });

  test('of either kind is a position to go on from, without a loss', async () => {
    await server.client().appendToStream(server.stream('counted-2'), events(10));
    await server.client().appendToStream(server.stream('else'), events(10));
    const reached: Position[] = [];
    const first = subscribe(START, reached);
    await once(first.resume(), 'caughtUp');
    await first.unsubscribe();
    await server.client().appendToStream(server.stream('counted-3'), events(1));
    for (const position of [reached.at(-1), reached.find(({ prepare }) => prepare === 0n)]) {
      const next = subscribe(position as Position);
      const found: string[] = [];
      next.on('data', ({ event: read }) => found.push(read?.streamId ?? ''));
      await vi.waitFor(() => expect(found.at(-1)).toBe(server.stream('counted-3')));
      await next.unsubscribe();
    }
  });
});
