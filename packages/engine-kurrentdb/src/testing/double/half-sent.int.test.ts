import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import grpc from '@grpc/grpc-js';
import { KurrentDBClient, START } from '@kurrent/kurrentdb-client';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sessionMessages } from '../../log/append-requests.ts';
import { startTcpProxy, type TcpProxy } from '../tcp-proxy.ts';
import { all } from './conformance/questions.ts';
import { type KurrentDouble, startKurrentDouble } from './start-kurrent-double.ts';
import { streamsServiceV2 } from './wire/protocol.ts';

let double: KurrentDouble;
let proxy: TcpProxy;
let stub: InstanceType<typeof streamsServiceV2.StreamsServiceClient>;
beforeEach(async () => {
  double = await startKurrentDouble();
  proxy = await startTcpProxy(double.connectionString);
  const address = /[^/@]+:\d+/.exec(proxy.connectionString)?.[0] ?? '';
  stub = new streamsServiceV2.StreamsServiceClient(address, grpc.credentials.createInsecure());
});
afterEach(async () => {
  stub.close();
  await proxy.stop();
  await double.stop();
});

const shelf = {
  stream: 'shelf',
  expected: 'no-stream' as const,
  events: [
    {
      id: randomUUID(),
      type: 'Put',
      contentType: 'application/json' as const,
      data: Buffer.from('{}'),
      metadata: {},
    },
  ],
};

describe('an append of which only a part has been sent', () => {
  test.each([
    ['is given up', (call: { cancel(): void }) => call.cancel()],
    ['is cut off with its connection, as where the client is killed', () => proxy.cut()],
  ])('and that %s, writes nothing', async (_, goAway) => {
    const failed = new Promise((resolve) => {
      const call = stub.appendSession((error: unknown) => resolve(error));
      call.on('error', () => {});
      for (const message of sessionMessages([shelf])) call.write(message);
      void sleep(50).then(() => goAway(call));
    });
    expect(await failed).toMatchObject({ code: expect.any(Number) });
    await sleep(50);
    const client = KurrentDBClient.connectionString(double.connectionString);
    await expect(all(client.readStream('shelf', { fromRevision: START }))).rejects.toMatchObject({
      type: 'stream-not-found',
    });
    await client.dispose();
  });
});
