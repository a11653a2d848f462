import { randomUUID } from 'node:crypto';
import { type JSONType, jsonEvent } from '@kurrent/kurrentdb-client';
import {
  type Claim,
  type Commit,
  createFindings,
  type EventStore,
  type LogStretch,
  type RecordedCommit,
} from '@openbank/eventsourcing';
import { newEvents } from '@openbank/eventsourcing/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connect, type KurrentConnection } from '../connection/connect.ts';
import { claimStream } from '../events/claim-event.ts';
import { createKurrentEventStore } from '../log/kurrent-event-store.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import { createKurrentVerifiableLog } from './kurrent-verifiable-log.ts';

let server: TestServer;
let connection: KurrentConnection;
let store: EventStore;
let shelf: string;
let start: string | undefined;

beforeAll(async () => {
  server = await startTestServer();
  connection = await connect(server.connectionString);
  store = createKurrentEventStore(connection);
});
beforeEach(async () => {
  shelf = `shelf-${randomUUID()}`;
  start = await store.head();
});
afterAll(async () => {
  await store.close();
  await connection.close();
  await server.stop();
});

const claimOf = (stream: string, last: number): Claim => ({
  name: `claim of ${stream}`,
  requestHash: 'hash',
  events: [{ stream, first: 0, last }],
});

/** A commit that makes streams, and takes a claim for each. */
const making = (sizes: Readonly<Record<string, number>>, withClaims = true): Commit => ({
  streams: Object.entries(sizes).map(([name, size]) => ({
    stream: `${shelf}-${name}`,
    expected: 'no-stream',
    events: newEvents(size),
  })),
  claims: withClaims
    ? Object.entries(sizes).map(([name, size]) => claimOf(`${shelf}-${name}`, size - 1))
    : [],
});

/** What this test has written since it began, and what is wrong with it. */
async function read(stretch: Partial<LogStretch> = {}) {
  const log = createKurrentVerifiableLog(connection);
  const findings = createFindings();
  const commits: RecordedCommit[] = [];
  const positions: string[] = [];
  const through = await log.head();
  const from = start === undefined ? {} : { after: start };
  if (through !== undefined) {
    for await (const page of log.commits({ ...from, through, ...stretch }, findings)) {
      commits.push(...page.commits);
      positions.push(page.position);
    }
  }
  return { commits, findings: findings.all(), positions, through };
}

const shapes = (commits: readonly RecordedCommit[]) =>
  commits.map(({ events, claims }) => ({
    events: events.map(({ stream, revision }) => `${stream.slice(shelf.length)}@${revision}`),
    claims: claims.map(({ name }) => name),
  }));

describe('log on KurrentDB to be verified', () => {
  test('gives commits as they were written, with their claims, and nothing of snapshots and the server', async () => {
    const first = making({ a: 2, b: 1 });
    await store.append(first);
    await connection.client.appendToStream(
      `snapshot-${shelf}-a`,
      jsonEvent({ type: 'SnapshotKept', data: {} }),
    );
    await connection.client.setStreamMetadata(`snapshot-${shelf}-a`, { maxCount: 3 });
    const { position } = await store.append(making({ c: 1 }, false));
    const { commits, findings, positions, through } = await read();
    expect(shapes(commits)).toEqual([
      { events: ['-a@0', '-a@1', '-b@0'], claims: first.claims.map(({ name }) => name) },
      { events: ['-c@0'], claims: [] },
    ]);
    expect(commits[0]?.claims).toEqual(first.claims);
    expect(commits[0]?.events.map(({ link, data }) => [link, data])).toEqual(
      first.streams.flatMap(({ events }) => events.map(({ link, data }) => [link, data])),
    );
    expect(findings).toEqual([]);
    expect(through).toBe(position);
    expect(positions.at(-1)).toBe(position);
  });

  test('gives a stretch: after one commit, up to and with another', async () => {
    const { position: one } = await store.append(making({ a: 1 }));
    const { position: two } = await store.append(making({ b: 2 }));
    await store.append(making({ c: 1 }));
    const { commits } = await read({ after: one, through: two });
    expect(shapes(commits)).toEqual([{ events: ['-b@0', '-b@1'], claims: [`claim of ${shelf}-b`] }]);
  });

  test('gives many commits in pages, each whole', async () => {
    const sizes = Array.from({ length: 25 }, (_, at) => [`s${at}`, 100] as const);
    for (const [name, size] of sizes) await store.append(making({ [name]: size }));
    const { commits, findings, positions } = await read();
    expect(commits.map(({ events }) => events.length)).toEqual(sizes.map(() => 100));
    expect(commits.every(({ claims }) => claims.length === 1)).toBe(true);
    expect(findings).toEqual([]);
    expect(positions.length).toBeGreaterThan(1);
    expect(positions).toEqual([...positions].sort());
  });

  test('counts a short log exactly, a long one about', async () => {
    const log = createKurrentVerifiableLog(connection);
    const { position } = await store.append(making({ a: 400 }));
    for (let at = 0; at < 3; at++) await store.append(making({ [`b${at}`]: 400 }));
    const end = (await log.head()) ?? '';
    const about = (await log.count(end)) / (await log.count(position));
    expect(about).toBeGreaterThan(1);
    let events = 0;
    for await (const { commits } of log.commits({ through: end }, createFindings())) {
      for (const commit of commits) events += commit.events.length;
    }
    expect((await log.count(end)) / events).toBeGreaterThan(0.3);
    expect((await log.count(end)) / events).toBeLessThan(3);
  });

  test('names a foreign event in a stream of the log, and leaves out those of other programs', async () => {
    await store.append(making({ a: 1 }));
    await connection.client.appendToStream(`${shelf}-a`, jsonEvent({ type: 'Foreign', data: {} }));
    await connection.client.appendToStream(`other-${shelf}`, jsonEvent({ type: 'Foreign', data: {} }));
    await store.append(making({ b: 1 }));
    const { commits, findings } = await read();
    expect(shapes(commits).map(({ events }) => events)).toEqual([['-a@0'], ['-b@0']]);
    expect(findings).toMatchObject([
      { kind: 'event-damaged', place: expect.stringContaining(`${shelf}-a@1`), count: 1 },
    ]);
  });

  test('names a commit of which a part is missing, and a claim that is not of its stream', async () => {
    await store.append(making({ a: 1 }));
    await store.append(making({ b: 2 }));
    await copied(`${shelf}-b`, 0, `${shelf}-half`);
    await copied(claimStream(`claim of ${shelf}-a`), 0, claimStream(`claim of ${shelf}-x`));
    await store.append(making({ c: 1 }, false));
    const { findings } = await read();
    expect(findings.map(({ kind }) => kind).sort()).toEqual(['commit-torn', 'event-damaged']);
    expect(findings.find(({ kind }) => kind === 'commit-torn')?.place).toContain(`${shelf}-half@0`);
  });

  test('names streams that were deleted or shortened', async () => {
    await store.append(making({ a: 2, b: 1, c: 1, d: 1 }, false));
    await connection.client.setStreamMetadata(`${shelf}-a`, { maxCount: 1 });
    await connection.client.deleteStream(`${shelf}-b`);
    await connection.client.setStreamMetadata(`${shelf}-c`, { maxAge: 60 });
    await connection.client.setStreamMetadata(`${shelf}-c`, {});
    await connection.client.tombstoneStream(`${shelf}-d`);
    await store.append(making({ e: 1 }));
    await connection.client.deleteStream(claimStream(`claim of ${shelf}-e`));
    const { findings } = await read();
    expect(findings).toMatchObject([{ kind: 'stream-truncated', place: `${shelf}-a`, count: 4 }]);
  });
});

/** Puts an event under another name, as somebody would who edits the log. */
async function copied(from: string, revision: number, to: string): Promise<void> {
  for await (const { event } of connection.client.readStream(from, {
    fromRevision: BigInt(revision),
    maxCount: 1,
  })) {
    if (event === undefined) continue;
    const { type, metadata } = event;
    await connection.client.appendToStream(to, jsonEvent({ type, data: event.data as JSONType, metadata }));
  }
}
