import { createFindings, type RecordedCommit } from '@openbank/eventsourcing';
import { appendTo, commitOf, newEvent, withClaims } from '@openbank/eventsourcing/testing';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { connect, type KurrentConnection } from '../connection/connect.ts';
import { type KurrentDouble, startKurrentDouble } from '../testing/index.ts';
import { createKurrentVerifiableLog } from '../verification/kurrent-verifiable-log.ts';
import { createKurrentEventStore, type KurrentEventStore } from './kurrent-event-store.ts';

let double: KurrentDouble;
let connection: KurrentConnection;
let store: KurrentEventStore;
beforeAll(async () => {
  double = await startKurrentDouble();
});
afterAll(() => double.stop());
beforeEach(async () => {
  connection = await connect(double.connectionString);
  store = createKurrentEventStore(connection);
  return async () => {
    await store.close();
    await connection.close();
  };
});

async function commits(): Promise<readonly RecordedCommit[]> {
  const log = createKurrentVerifiableLog(connection);
  const findings = createFindings();
  const through = await log.head();
  const all: RecordedCommit[] = [];
  if (through !== undefined) {
    for await (const page of log.commits({ through }, findings)) all.push(...page.commits);
  }
  expect(findings.all()).toEqual([]);
  return all;
}

/** Booked long ago, by other clocks. */
const old = (recordedAt: number) => [newEvent({ recordedAt })];

it('writes several commits at once, in their order, each with its own claims and events', async () => {
  const wanted = [
    withClaims(commitOf(appendTo('b', 'no-stream', 2)), 'one', 'two'),
    commitOf(appendTo('a', 'no-stream', old(5))),
    withClaims(commitOf(appendTo('d', 'no-stream', old(3)), appendTo('c', 'no-stream')), 'three'),
  ];
  await store.appendTogether(wanted);
  await store.appendTogether(wanted);
  await store.appendTogether([]);
  const there = await commits();
  expect(
    there.map(({ events, claims }) => [events.map(({ stream, id }) => `${stream} ${id}`), claims]),
  ).toEqual(
    wanted.map(({ streams, claims }) => [
      streams.flatMap(({ stream, events }) => events.map(({ id }) => `${stream} ${id}`)),
      claims,
    ]),
  );
  // Their times say nothing about the clock of this machine.
  await store.append(commitOf(appendTo('e', 'no-stream')));
});

it('writes none where one of them is refused', async () => {
  const before = (await commits()).length;
  const taken = withClaims(commitOf(appendTo('x', 'no-stream')), 'one');
  await expect(store.appendTogether([commitOf(appendTo('y', 'no-stream')), taken])).rejects.toMatchObject({
    code: 'claim-taken',
  });
  const stale = commitOf(appendTo('a', 7));
  await expect(store.appendTogether([commitOf(appendTo('y', 'no-stream')), stale])).rejects.toMatchObject({
    code: 'revision-conflict',
    stream: 'a',
  });
  const twice = [commitOf(appendTo('y', 'no-stream')), commitOf(appendTo('Y', 'no-stream'))];
  await expect(store.appendTogether(twice)).rejects.toMatchObject({ code: 'commit-refused' });
  expect(await commits()).toHaveLength(before);
});
