import { once } from 'node:events';
import { ANY, KurrentDBClient, NO_STREAM, START } from '@kurrent/kurrentdb-client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { all, event, events } from './conformance/questions.ts';
import { type KurrentDouble, startKurrentDouble } from './start-kurrent-double.ts';

let double: KurrentDouble;
let client: KurrentDBClient;

beforeEach(async () => {
  double = await startKurrentDouble();
  client = KurrentDBClient.connectionString(double.connectionString);
});

afterEach(async () => {
  await client.dispose();
  await double.stop();
});

const append = (n: number, streamState: bigint | typeof ANY | typeof NO_STREAM = ANY) =>
  client.appendToStream('shelf', event(n), { streamState });
const length = async () => (await all(client.readStream('shelf', { maxCount: 100 }))).length;
const unavailable = { type: 'unavailable' };

describe('the test double at fault', () => {
  test('breaks the connection behind a commit: the event is there, and its repeat is known', async () => {
    const sent = event(0);
    double.faults.cutAfterCommit();
    const write = () => client.appendToStream('shelf', sent, { streamState: NO_STREAM });
    await expect(write()).rejects.toMatchObject(unavailable);
    expect(await length()).toBe(1);
    expect(await write()).toMatchObject({ nextExpectedRevision: 0n, success: true });
  });

  test('breaks the connection behind a commit to several streams', async () => {
    double.faults.cutAfterCommit();
    const requests = ['shelf', 'other'].map((streamName) => ({
      streamName,
      expectedState: NO_STREAM as typeof NO_STREAM,
      events: [event(0)],
    }));
    await expect(client.multiStreamAppend(requests)).rejects.toMatchObject(unavailable);
    expect(await length()).toBe(1);
  });

  test('breaks the connection before a commit: nothing is written', async () => {
    await append(0);
    double.faults.cutBeforeCommit();
    await expect(append(1)).rejects.toMatchObject(unavailable);
    expect(await length()).toBe(1);
    await append(2);
    expect(await length()).toBe(2);
  });

  test('answers late', async () => {
    await append(0);
    double.faults.delayAnswers(200);
    const before = performance.now();
    await append(1);
    expect(performance.now() - before).toBeGreaterThanOrEqual(190);
  });

  test('names another leader, and leads again', async () => {
    double.faults.answerNotLeader({ host: '127.0.0.1', port: 9 });
    await expect(append(0)).rejects.toMatchObject({
      type: 'not-leader',
      leader: { address: '127.0.0.1', port: 9 },
    });
    double.faults.answerNotLeader(undefined);
    client = KurrentDBClient.connectionString(double.connectionString);
    expect(await append(0)).toMatchObject({ nextExpectedRevision: 0n });
  });

  test('names another leader to calls for several streams in another way, which the client does not read', async () => {
    double.faults.answerNotLeader({ host: '127.0.0.1', port: 9 });
    const call = client.multiStreamAppend([
      { streamName: 'shelf', expectedState: NO_STREAM, events: [event(0)] },
    ]);
    await expect(call).rejects.toMatchObject({ type: 'unknown', code: 9 });
  });

  test('refuses appends as a server that is too busy', async () => {
    await append(0);
    double.faults.refuseAppends(true);
    await expect(append(1)).rejects.toMatchObject(unavailable);
    double.faults.clear();
    await append(2);
    expect(await length()).toBe(2);
  });

  test('says that it is an older server, which cannot append to several streams', async () => {
    double.faults.serveVersion('24.10.0');
    await expect(client.multiStreamAppend([])).rejects.toMatchObject({ type: 'unsupported' });
    expect(await append(0)).toMatchObject({ nextExpectedRevision: 0n });
  });
});

describe('the test double that restarts', () => {
  test('keeps its data and its address', async () => {
    await append(0);
    await length();
    await double.restart();
    await vi.waitFor(async () => expect(await length()).toBe(1), { timeout: 10_000 });
  });

  test('ends subscriptions with one error, and nothing behind it', async () => {
    const subscription = client.subscribeToAll({ fromPosition: START });
    await once(subscription, 'caughtUp');
    const told: unknown[] = [];
    subscription.on('error', (error: Error & { code?: number }) => told.push(error.code));
    subscription.on('end', () => told.push('end'));
    await double.restart();
    await vi.waitFor(() => expect(told).toHaveLength(1));
    expect([13, 14]).toContain(told[0]);
  });

  test('forgets recent ids: only a repeat that names its revision is known', async () => {
    const sent = event(0);
    const write = (streamState: typeof ANY | typeof NO_STREAM) =>
      client.appendToStream('shelf', sent, { streamState });
    await write(NO_STREAM);
    expect(await write(ANY)).toMatchObject({ nextExpectedRevision: 0n });
    await double.restart();
    const again = () => vi.waitFor(() => write(NO_STREAM), { timeout: 10_000, interval: 20 });
    expect(await again()).toMatchObject({ nextExpectedRevision: 0n });
    expect(await write(ANY)).toMatchObject({ nextExpectedRevision: 1n });
  });

  test('refuses connections while it is down', async () => {
    await append(0);
    await double.goDown();
    await expect(append(1)).rejects.toMatchObject({ code: 14 });
    await double.comeBack();
    await vi.waitFor(() => append(1), { timeout: 10_000, interval: 20 });
  });
});

describe('the test double, as adverse as a real server', () => {
  test('keeps no order among calls to several streams that are under way together', async () => {
    const calls = events(20).map((sent, n) =>
      client.multiStreamAppend([
        { streamName: 'shelf', expectedState: n === 0 ? NO_STREAM : BigInt(n - 1), events: [sent] },
      ]),
    );
    const answers = await Promise.allSettled(calls);
    expect(answers.some(({ status }) => status === 'rejected')).toBe(true);
  });

  test('is found as the leader of a cluster of one', async () => {
    const host = new URL(double.connectionString).host;
    const cluster = KurrentDBClient.connectionString(`kurrentdb://${host},${host}?tls=false`);
    expect(await cluster.appendToStream('shelf', event(0))).toMatchObject({ nextExpectedRevision: 0n });
    await cluster.dispose();
  });
});
