import type { Commit } from '@openbank/eventsourcing';
import { appendTo, commitOf } from '@openbank/eventsourcing/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import type { GroupMessage } from '../messages.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { QUEUE_BOUNDS } from './queue-bounds.ts';

const FAILURE = { code: 'store-unavailable', message: 'the disk is gone' } as const;

let sent: GroupMessage[];
let committed: number[];
let groups: GroupCommit;
beforeEach(() => {
  sent = [];
  committed = [];
  groups = open();
});

function open(bounds = QUEUE_BOUNDS, room = Number.POSITIVE_INFINITY): GroupCommit {
  return createGroupCommit({
    bounds,
    send: (message) => sent.push(message),
    hasRoom: (events) => events <= room,
    committed: (_, last) => committed.push(last),
    groupCommitted: () => {},
  });
}

const commit = (events = 1): Commit => commitOf(appendTo('a', 'no-stream', events));
const append = (count: number) =>
  Array.from({ length: count }, () => groups.append(commit()).then(({ position }) => position, codeOf));
const turn = () => new Promise((resolve) => setImmediate(resolve));
const counts = () => sent.map(({ count, last }) => [count, last]);

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : error;
}

test('a lone commit goes at once, without waiting for others', async () => {
  append(1);
  await turn();
  expect(counts()).toEqual([[1, true]]);
});

test('what came in together is one group, begun before it is complete', async () => {
  append(40);
  expect(counts()).toEqual([
    [16, false],
    [16, false],
  ]);
  await turn();
  expect(counts().at(-1)).toEqual([8, true]);
});

test('what comes while a group is written goes with the next, as soon as that one is settled', async () => {
  const first = append(1);
  await turn();
  append(30);
  await turn();
  expect(sent).toHaveLength(1);
  groups.settle({ kind: 'answers', answers: [7] });
  expect(counts()).toEqual([
    [1, true],
    [30, true],
  ]);
  expect(await Promise.all(first)).toEqual(['0000000000000007']);
  expect(committed).toEqual([7]);
});

test('each commit of a group gets its own answer', async () => {
  const answers = append(3);
  await turn();
  const conflict = { kind: 'conflict', stream: 'a', expected: 3, actual: 4 } as const;
  groups.settle({
    kind: 'answers',
    answers: [7, conflict, { kind: 'repeat', position: '0000000000000002' }],
  });
  expect(await Promise.all(answers)).toEqual(['0000000000000007', 'revision-conflict', '0000000000000002']);
});

test('a refused group is refused as a whole, and the next goes on', async () => {
  const refused = append(2);
  await turn();
  groups.settle({ kind: 'refused', failure: { code: 'storage-full', message: 'full' } });
  expect(await Promise.all(refused)).toEqual(['storage-full', 'storage-full']);
  append(1);
  await turn();
  expect(sent).toHaveLength(2);
});

describe.each([
  { what: 'an unknown outcome', end: () => groups.settle({ kind: 'unknown', failure: FAILURE }) },
  { what: 'a writer that has died', end: () => groups.stop(FAILURE) },
])('after $what', ({ end }) => {
  test('what was under way is unknown, what waits and what comes is definitely not written', async () => {
    const underWay = append(2);
    await turn();
    const waiting = append(2);
    end();
    expect(await Promise.all(underWay)).toEqual(['outcome-unknown', 'outcome-unknown']);
    expect(await Promise.all(waiting)).toEqual(['store-unavailable', 'store-unavailable']);
    expect(await Promise.all(append(1))).toEqual(['store-unavailable']);
    await turn();
    expect(sent).toHaveLength(1);
  });

  test('what was sent of a group that was not complete is unknown too', async () => {
    const begun = append(20);
    end();
    const outcomes = await Promise.all(begun);
    expect(outcomes.slice(0, 16)).toEqual(Array(16).fill('outcome-unknown'));
    expect(outcomes.slice(16)).toEqual(Array(4).fill('store-unavailable'));
  });
});

test.each([
  { what: 'commits', bounds: { ...QUEUE_BOUNDS, commits: 2 } },
  { what: 'events', bounds: { ...QUEUE_BOUNDS, events: 2 } },
  { what: 'bytes', bounds: { ...QUEUE_BOUNDS, bytes: 1_200 } },
])(
  'past its bound in $what a call is refused at once, and taken again when there is room',
  async ({ bounds }) => {
    groups = open(bounds);
    append(1);
    await turn();
    const outcomes = append(3);
    expect(await outcomes[2]).toBe('overloaded');
    groups.settle({ kind: 'answers', answers: [1] });
    append(2);
    groups.settle({ kind: 'answers', answers: [2, 3] });
    expect(counts()).toEqual([
      [1, true],
      [2, true],
      [2, true],
    ]);
  },
);

test('a tail without room refuses as well', async () => {
  groups = open(QUEUE_BOUNDS, 1);
  await expect(groups.append(commit(2))).rejects.toMatchObject({ code: 'overloaded' });
});

test('a large group is cut, and a commit that is larger than a group goes alone', async () => {
  const huge = commitOf(appendTo('a', 'no-stream', 5_000));
  void groups.append(huge).catch(() => {});
  append(1);
  await turn();
  expect(counts()).toEqual([[1, true]]);
  groups.settle({ kind: 'answers', answers: [5_000] });
  expect(counts()).toEqual([
    [1, true],
    [1, true],
  ]);
});

test('it is drained when all is settled', async () => {
  append(2);
  let drained = false;
  const done = groups.drained().then(() => {
    drained = true;
  });
  await turn();
  expect(drained).toBe(false);
  groups.settle({ kind: 'answers', answers: [1, 2] });
  await done;
});
