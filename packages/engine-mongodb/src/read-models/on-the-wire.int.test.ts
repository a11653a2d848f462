import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectMongo, type MongoConnection } from '../connection/connection.ts';
import { openMongoKeyStore } from '../keys/mongo-key-store.ts';
import { openMongoLeaseStore } from '../leases/mongo-lease-store.ts';
import { startTestMongo, type TestMongo } from '../testing/index.ts';
import { type ListeningProxy, startListeningProxy } from '../testing/listening-proxy.ts';
import { changed, created, owning, PARCELS, TOTALS, total } from '../testing/parcels.ts';
import { openMongoReadModelReader } from './mongo-read-model-reader.ts';
import { openMongoReadModelStore } from './mongo-read-model-store.ts';

let mongo: TestMongo;
let proxy: ListeningProxy;
let connection: MongoConnection;

// What the connection string asks for instead has no effect.
const WEAK = '&w=1&journal=false&readPreference=secondaryPreferred&readConcernLevel=local';

beforeEach(async () => {
  mongo = await startTestMongo();
  proxy = await startListeningProxy(mongo.connectionString);
  connection = await connectMongo({ connectionString: `${proxy.connectionString}${WEAK}` });
});
afterEach(async () => {
  await connection.close();
  await proxy.stop();
  await mongo.stop();
});

const named = (...names: readonly string[]) =>
  proxy.commands.filter((command) => names.some((name) => name in command));
const asText = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
const isInTransaction = (command: object) => 'autocommit' in command;

// Addresses of real servers may hold credentials, which the proxy leaves out.
const onDouble = process.env.OPENBANK_TEST_MONGODB === undefined;

test.runIf(onDouble)(
  'all that is written waits for a majority, all that is read comes from the primary and stays',
  async () => {
    const store = await openMongoReadModelStore(connection);
    const parcels = await owning(store, PARCELS);
    await store.apply(PARCELS, parcels.next(created('a', { owner: 'ann' })));
    await store.apply(PARCELS, parcels.next(changed('a', [0, 1], {}), created('b')));
    const totals = await owning(store, TOTALS);
    await store.apply(TOTALS, totals.next(total('a', 1, 1n)));
    await store.setLive(PARCELS);
    await store.get(PARCELS, 'a');
    await store.getMany(PARCELS, ['a', 'b']);
    await store.find(PARCELS, { limit: 1 });
    await store.find(TOTALS, { limit: 1 });
    await store.load(PARCELS, ['a']);
    await store.census(PARCELS);
    await store.faults(PARCELS);
    await openMongoReadModelReader(connection).checkpoints(PARCELS);
    const keys = openMongoKeyStore(connection);
    await keys.addKey('a', Buffer.from('x'));
    await keys.key('a');
    await keys.isEmpty();
    await keys.destroyKey('a');
    await keys.addEntries([{ kind: 'secret', name: 's', wrapped: Buffer.from('x') }]);
    const leases = openMongoLeaseStore(connection);
    await leases.heartbeat('ann', 1_000);
    await leases.acquire('p', 'ann', 1_000);
    await leases.leave('ann');

    const writes = named('insert', 'update', 'delete', 'findAndModify').filter(
      (each) => !isInTransaction(each),
    );
    expect(writes.length).toBeGreaterThan(20);
    for (const write of [...writes, ...named('commitTransaction')]) {
      expect(write).toMatchObject({ writeConcern: { w: 'majority', j: true } });
    }
    // A server refuses it (224): what an upsert decides by the time, it decides in its update.
    const upserts = writes.filter((write) => JSON.stringify(write, asText).includes('"upsert":true'));
    expect(upserts.length).toBeGreaterThan(10);
    for (const upsert of upserts) expect(JSON.stringify(upsert, asText)).not.toContain('$expr');
    const within = named('find', 'aggregate');
    for (const read of within) expect(read).toMatchObject({ maxTimeMS: connection.reading.maxTimeMS });
    const reads = within.filter((each) => !isInTransaction(each));
    expect(reads.length).toBeGreaterThan(15);
    for (const read of reads) {
      expect(read).toMatchObject({ readConcern: { level: expect.stringMatching(/^(majority|snapshot)$/) } });
      expect(JSON.stringify(read.$readPreference ?? 'primary')).toContain('primary');
    }
  },
);

test.runIf(onDouble)('a page that is read in several walks shows one moment', async () => {
  const store = await openMongoReadModelStore(connection);
  const owner = await owning(store, PARCELS);
  await store.apply(PARCELS, owner.next(created('a', { weight: 5n }), created('b')));
  const before = proxy.commands.length;
  // Descending, those without a weight come last: a walk of their own.
  const heaviest = { where: { owner: null }, orderBy: { field: 'weight', direction: 'descending' } } as const;
  const { next: cursor } = await store.find(PARCELS, { ...heaviest, limit: 1 });
  await store.find(PARCELS, { ...heaviest, limit: 2, ...(cursor !== undefined && { cursor }) });
  const walks = proxy.commands.slice(before).filter((command) => 'find' in command);
  expect(walks).toHaveLength(4);
  expect(walks[1]).toMatchObject({ readConcern: { level: 'snapshot' } });
  for (const later of walks.slice(2)) {
    expect(later).toMatchObject({ readConcern: { level: 'snapshot', atClusterTime: expect.anything() } });
  }
});

test.runIf(onDouble)('what must be of one moment is read at one moment', async () => {
  const store = await openMongoReadModelStore(connection);
  const owner = await owning(store, PARCELS);
  await store.apply(PARCELS, owner.next(created('a'), created('b')));
  const before = proxy.commands.length;
  await store.census(PARCELS);
  await store.getMany(PARCELS, ['a', 'b']);
  const [count, checkpoints, many] = proxy.commands
    .slice(before)
    .filter((command) => 'find' in command || 'aggregate' in command);
  expect(count).toMatchObject({ readConcern: { level: 'snapshot' } });
  expect(checkpoints).toMatchObject({ readConcern: { level: 'snapshot', atClusterTime: expect.anything() } });
  expect(many).toMatchObject({ readConcern: { level: 'snapshot' } });
});
