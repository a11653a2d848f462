import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import grpc from '@grpc/grpc-js';
import { ServerFeaturesService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js';
import features from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
import { StreamsService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKurrentSnapshotStore } from '../snapshots/kurrent-snapshot-store.ts';
import { makeCertificates } from '../testing/certificates.ts';
import { connect } from './connect.ts';

const PASSWORD = 'p@ss:w/rd';
const seen: string[] = [];
const directory = mkdtempSync(join(tmpdir(), 'openbank-tls-'));
let server: grpc.Server;
let port: number;

beforeAll(async () => {
  const { authority, certificate, key } = makeCertificates();
  writeFileSync(join(directory, 'ca.pem'), authority);
  writeFileSync(join(directory, 'other-ca.pem'), makeCertificates().authority);
  server = lockedServer();
  const pair = { cert_chain: Buffer.from(certificate), private_key: Buffer.from(key) };
  const credentials = grpc.ServerCredentials.createSsl(null, [pair]);
  port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('localhost:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound))),
  );
});
afterAll(() => {
  server.forceShutdown();
  rmSync(directory, { recursive: true });
});

/** Tells everybody its version, and lets only its admin read. */
function lockedServer(): grpc.Server {
  const supported = new features.SupportedMethods()
    .setEventStoreServerVersion('26.1.0')
    .setMethodsList([
      new features.SupportedMethod()
        .setServiceName('kurrentdb.protocol.v2.streams.streamsservice')
        .setMethodName('appendsession'),
    ]);
  const locked = new grpc.Server();
  locked.addService(ServerFeaturesService, {
    getSupportedMethods: (_: unknown, answer: grpc.sendUnaryData<features.SupportedMethods>) =>
      answer(null, supported),
  });
  locked.addService(StreamsService, {
    read(call: grpc.ServerWritableStream<unknown, unknown>) {
      const given = String(call.metadata.get('authorization')[0]);
      seen.push(given);
      const isAdmin = given === `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}`;
      if (isAdmin) call.end();
      else call.emit('error', accessDenied());
    },
  } as grpc.UntypedServiceImplementation);
  return locked;
}

function accessDenied() {
  const metadata = new grpc.Metadata();
  metadata.set('exception', 'access-denied');
  return { code: grpc.status.PERMISSION_DENIED, details: 'Access Denied', metadata };
}

const stringFor = (password: string, authority: string) =>
  `kurrentdb://admin:${encodeURIComponent(password)}@localhost:${port}?tlsCAFile=${encodeURIComponent(join(directory, authority))}`;

describe('connecting by TLS', () => {
  test('trusts the authority that it is told of, and hands over user and password as they are', async () => {
    const connection = await connect(stringFor(PASSWORD, 'ca.pem'));
    expect(connection.serverVersion).toBe('26.1.0');
    expect(connection.shown).toContain('admin:***@');
    // By the way of the engine's own reads, too.
    expect(await createKurrentSnapshotStore(connection).load('shelf-a', '1-abc')).toBeUndefined();
    expect(new Set(seen).size).toBe(1);
    expect(seen.length).toBe(2);
    await connection.close();
  });

  test('refuses a wrong password, and says so without it', async () => {
    const error: unknown = await connect(stringFor('wrong', 'ca.pem')).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: 'store-misconfigured',
      message: expect.stringContaining('check user, password and rights'),
    });
    expect(String(error)).not.toContain('wrong');
  });

  test('sends nothing to a server that the authority does not vouch for', async () => {
    const before = seen.length;
    await expect(connect(stringFor(PASSWORD, 'other-ca.pem'), { timeout: 5_000 })).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringMatching(/certificate/i),
    });
    expect(seen.length).toBe(before);
  });
});
