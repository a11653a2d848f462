import { inspect } from 'node:util';
import { jsonEvent } from '@kurrent/kurrentdb-client';
import { afterEach, describe, expect, test } from 'vitest';
import { startKurrentDouble } from '../testing/index.ts';
import { startTcpProxy } from '../testing/tcp-proxy.ts';
import { startTestServer } from '../testing/test-server.ts';
import { connect, type KurrentConnection } from './connect.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function serverFor(start = startTestServer) {
  const server = await start();
  cleanUps.push(server.stop);
  return server;
}

async function connected(connectionString: string): Promise<KurrentConnection> {
  const connection = await connect(connectionString);
  cleanUps.push(connection.close);
  return connection;
}

async function double(version = '26.1.0') {
  const started = await startKurrentDouble({ version });
  cleanUps.push(started.stop);
  return started;
}

const append = ({ client }: KurrentConnection, deadline = 2_000) =>
  client.appendToStream('shelf-a', jsonEvent({ type: 'Stacked', data: {} }), { deadline });

const readAll = async ({ client }: KurrentConnection) => {
  let count = 0;
  for await (const _ of client.readAll({ maxCount: 1 })) count++;
  return count;
};

describe('connecting to KurrentDB', () => {
  test('says which server it has found, also by the older scheme', async () => {
    const { connectionString } = await serverFor();
    const { serverVersion, shown } = await connected(connectionString.replace(/^kurrentdb:/, 'esdb:'));
    expect(serverVersion).toMatch(/^\d+\.\d+/);
    expect(shown).toContain('kurrentdb://');
  });

  test.each(['24.10.0', '25.0.3', '5.0.8'])(
    'refuses server %s, and names the version needed and the one found',
    async (version) => {
      const { connectionString } = await double(version);
      await expect(connect(connectionString)).rejects.toMatchObject({
        code: 'store-misconfigured',
        message: expect.stringMatching(new RegExp(`25\\.1 or newer .*${version}`)),
      });
    },
  );

  test.each(['25.1.0', '26.0.0-prerelease'])('takes server %s', async (version) => {
    const { connectionString } = await double(version);
    expect((await connected(connectionString)).serverVersion).toBe(version);
  });

  test('fails at once where no server is, and then connects as soon as there is one', async () => {
    const server = await double();
    await server.goDown();
    const started = performance.now();
    await expect(connect(server.connectionString)).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(performance.now() - started).toBeLessThan(5_000);
    await server.comeBack();
    expect(await readAll(await connected(server.connectionString))).toBe(0);
  });

  test('gives up a server that does not answer', async () => {
    const { connectionString } = await double();
    const proxy = await startTcpProxy(connectionString);
    cleanUps.push(proxy.stop);
    proxy.hold();
    await expect(connect(proxy.connectionString, { timeout: 300 })).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('has not answered for 300 ms'),
    });
  });

  test('gives up when it is told to', async () => {
    const { connectionString } = await double();
    const proxy = await startTcpProxy(connectionString);
    cleanUps.push(proxy.stop);
    proxy.hold();
    const stopping = new AbortController();
    const connecting = connect(proxy.connectionString, { signal: stopping.signal });
    stopping.abort(new Error('enough'));
    await expect(connecting).rejects.toThrow('enough');
  });

  test('has read once, so that a client whose next read finds the server gone reads again when it is back', async () => {
    const server = await double();
    const connection = await connected(server.connectionString);
    await append(connection);
    await server.goDown();
    await expect(readAll(connection)).rejects.toThrow();
    await server.comeBack();
    await expect.poll(() => readAll(connection).catch(() => -1), { timeout: 10_000 }).toBe(1);
  });

  test('appends again when a cluster is back that could not be found for a while', async () => {
    const server = await double();
    const cluster = server.connectionString.replace('kurrentdb:', 'kurrentdb+discover:');
    const connection = await connected(`${cluster}&maxDiscoverAttempts=2&discoveryInterval=10`);
    await append(connection);
    await server.goDown();
    for (let tries = 0; tries < 3; tries++) await expect(append(connection)).rejects.toThrow();
    await server.comeBack();
    await expect
      .poll(() => append(connection).catch(String), { timeout: 10_000 })
      .toMatchObject({ success: true });
  });

  test('shows the password in no error', async () => {
    const server = await double();
    const { connectionString } = server;
    const withPassword = connectionString.replace('://', '://admin:geheim@');
    await server.goDown();
    const strings = [
      withPassword,
      withPassword.replace('?tls=false', ''),
      withPassword.replace('?tls=false', '?tlsCAFile=nowhere.pem'),
      withPassword.replace('?tls=false', '?connectionName=x'),
    ];
    for (const each of strings) {
      const error: unknown = await connect(each).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: expect.stringMatching(/^store-/) });
      expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/geheim/);
    }
  });
});
