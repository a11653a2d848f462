import { createServer } from 'node:net';
import { hasCode } from '@openbank/eventsourcing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Fault, type MongoDouble, type MongoDoubleOptions, startMongoDouble } from '../testing/index.ts';
import { connectMongo, type MongoConnection } from './connection.ts';

/** Longer than a call may take where nobody answers: finding the server, and once more for the driver's second try. */
const PROMPTLY = 6_000;

describe('connecting', () => {
  test('to nobody fails promptly, and tells neither user nor password', async () => {
    const free = await freePort();
    const started = performance.now();
    const connecting = connectMongo({ connectionString: `mongodb://ann:s3cret@127.0.0.1:${free}/bank` });
    const error = await connecting.catch((reason: unknown) => reason);
    expect(hasCode(error, 'store-unavailable')).toBe(true);
    expect(String(error)).toContain(`mongodb://127.0.0.1:${free}/bank`);
    expect(String(error)).not.toMatch(/ann:|s3cret/);
    expect(performance.now() - started).toBeLessThan(PROMPTLY);
  });

  test.each(['mongodb://ann:s3cret@', 'postgres://ann:s3cret@h1', 'mongodb://ann:s3cret@h1/?color=red'])(
    'with %s fails, and does not repeat it',
    async (connectionString) => {
      const error = await connectMongo({ connectionString }).catch((reason: unknown) => reason);
      expect(hasCode(error, 'store-misconfigured')).toBe(true);
      expect(String(error)).not.toMatch(/ann:|s3cret/);
    },
  );

  test('with the certificate of an authority that is not there says so', async () => {
    const connectionString = 'mongodb://127.0.0.1:1/bank?tls=true&tlsCAFile=/nowhere/ca.pem';
    await expect(connectMongo({ connectionString })).rejects.toMatchObject({
      code: 'store-misconfigured',
      message: expect.stringContaining('/nowhere/ca.pem'),
    });
  });
});

describe('connecting to a server that cannot be used as it is', () => {
  async function refusal(
    options: MongoDoubleOptions,
    place: (port: number) => string,
    prepare: (double: MongoDouble) => void = () => {},
  ): Promise<unknown> {
    const double = await startMongoDouble(options);
    prepare(double);
    try {
      const connecting = connectMongo({ connectionString: place(double.port) });
      return await connecting.catch((reason: unknown) => reason);
    } finally {
      await double.stop();
    }
  }

  test.each([
    ['is older than 7.0', { version: 6 }, '', /older than MongoDB 7\.0/],
    ['is older than the driver takes', { version: 4 }, '', /older than MongoDB 7\.0/],
    ['is no replica set', { inSet: false }, '', /no replica set.*rs\.initiate/],
    ['is not of the set that is named', { inSet: false }, '?replicaSet=rs0', /rs0.*rs\.initiate/],
  ] as const)('that %s: refused, with what to do', async (_, options, query, message) => {
    const error = await refusal(options, (port) => `mongodb://127.0.0.1:${port}/bank${query}`);
    expect(error).toMatchObject({
      code: 'store-misconfigured',
      message: expect.stringMatching(message),
    });
  });

  test('that refuses the password: said without it', async () => {
    const error = await refusal(
      {},
      (port) => `mongodb://ann:s3cret@127.0.0.1:${port}/bank`,
      (double) => {
        const fault = { kind: 'error', code: 18, codeName: 'AuthenticationFailed' } as const;
        double.inject({ fault, commands: ['saslStart'], times: 10 });
      },
    );
    expect(error).toMatchObject({
      code: 'store-misconfigured',
      message: expect.stringMatching(/look at user, password and roles/),
    });
    expect(String(error)).not.toMatch(/ann:|s3cret/);
  });
});

describe('a call', () => {
  let double: MongoDouble;
  let connection: MongoConnection;
  beforeEach(async () => {
    double = await startMongoDouble();
    connection = await connectMongo({
      connectionString: double.connectionString,
      patience: 300,
      mostCalls: 50,
    });
  });
  afterEach(async () => {
    await connection.close();
    await double.stop();
  });

  const find = () => connection.told(() => connection.database.collection('any').findOne({}));
  const insert = () => connection.told(() => connection.database.collection('any').insertOne({ a: 1 }));

  test.each<Fault>([
    { kind: 'not-primary' },
    { kind: 'cut-before' },
    { kind: 'cut-after' },
    { kind: 'silence' },
    { kind: 'error', code: 50, codeName: 'MaxTimeMSExpired' },
    { kind: 'error', code: 64, codeName: 'WriteConcernTimeout' },
  ])('that fails with $kind $codeName is store-unavailable, promptly', async (fault) => {
    double.inject({ fault, commands: ['find', 'insert'], times: 10 });
    const started = performance.now();
    await expect(find()).rejects.toMatchObject({ code: 'store-unavailable' });
    await expect(insert()).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(performance.now() - started).toBeLessThan(2 * PROMPTLY);
    double.clearFaults();
    await find();
  });

  test.each<Fault>([{ kind: 'not-primary' }, { kind: 'cut-before' }, { kind: 'cut-after' }])(
    'that meets one $kind is made once, by the second try of the driver',
    async (fault) => {
      double.inject({ fault, commands: ['insert'] });
      await insert();
      expect(await connection.database.collection('any').countDocuments()).toBe(1);
    },
  );

  test.each([
    ['storage-full', 14_031, 'OutOfDiskSpace'],
    ['store-misconfigured', 13, 'Unauthorized'],
    ['document-refused', 10_334, 'BSONObjectTooLarge'],
    ['document-refused', 121, 'DocumentValidationFailure'],
  ])('that fails is %s where the server says %i', async (code, number, codeName) => {
    double.inject({ fault: { kind: 'error', code: number, codeName }, commands: ['insert'], times: 2 });
    await expect(insert()).rejects.toMatchObject({ code });
  });

  test('is refused at once where too many are under way already', async () => {
    double.inject({ fault: { kind: 'silence' }, commands: ['find'], times: 1_000 });
    const waiting = Array.from({ length: 50 }, () => find().catch((reason: unknown) => reason));
    const started = performance.now();
    await expect(find()).rejects.toMatchObject({ code: 'overloaded' });
    expect(performance.now() - started).toBeLessThan(100);
    for (const error of await Promise.all(waiting)) expect(hasCode(error, 'store-unavailable')).toBe(true);
    double.clearFaults();
    await find();
  });

  test('works again by itself when the server has been away', async () => {
    await double.refuse();
    await expect(find()).rejects.toMatchObject({ code: 'store-unavailable' });
    await double.accept();
    await expect.poll(() => find().then(() => 'answered'), { timeout: 10_000 }).toBe('answered');
  });

  test('on a closed connection is store-unavailable', async () => {
    await connection.close();
    await expect(find()).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  test('that is a fault of the program is told as it is', async () => {
    await insert();
    const wrong = () => connection.database.collection('any').find({ $nonsense: 1 }).toArray();
    await expect(connection.told(wrong)).rejects.not.toMatchObject({ code: 'store-unavailable' });
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
