import { startKurrentDouble } from '@openbank/engine-kurrentdb/testing';
import { startMongoDouble } from '@openbank/engine-mongodb/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { callsTo } from '../testing/calls.ts';
import { untilCaughtUp } from '../testing/filled-bank.ts';
import {
  ON_A_BUSY_MACHINE,
  openServerBank,
  type ServerStores,
  startServerStores,
} from '../testing/server-bank.ts';

vi.setConfig(ON_A_BUSY_MACHINE);

let stores: ServerStores;
beforeEach(async () => {
  stores = await startServerStores();
});
afterEach(() => stores.stop());

const PARTS = ['api', 'projector'] as const;

it.each(PARTS)('%s: refused where KurrentDB is away, with its address', async (part) => {
  await stores.kurrent.goDown();
  await expect(openServerBank(part, stores.environment)).rejects.toMatchObject({
    code: 'store-unavailable',
    message: expect.stringContaining(stores.environment.OPENBANK_EVENT_STORE ?? '-'),
  });
});

it.each(PARTS)('%s: refused where MongoDB is away, with its address', async (part) => {
  await stores.mongo.refuse();
  await expect(openServerBank(part, stores.environment)).rejects.toMatchObject({
    code: 'store-unavailable',
    message: expect.stringContaining(`127.0.0.1:${stores.mongo.port}`),
  });
});

it.each(PARTS)('%s: refused on a KurrentDB that is too old, with the version needed', async (part) => {
  stores.kurrent.faults.serveVersion('24.10.0');
  await expect(openServerBank(part, stores.environment)).rejects.toMatchObject({
    code: 'store-misconfigured',
    message: expect.stringMatching(/25\.1 or newer.*24\.10\.0/),
  });
});

/** Registers somebody, and waits until that is in the read models. */
async function fill(): Promise<void> {
  const bank = await openServerBank('all', stores.environment);
  await untilCaughtUp(bank.app);
  await callsTo(bank.app).registerAlice();
  await untilCaughtUp(bank.app);
  await bank.close();
}

it('refused with another master key than that of the keys', async () => {
  await fill();
  const wrong = { ...stores.environment, OPENBANK_MASTER_KEY: '00'.repeat(32) };
  await expect(openServerBank('api', wrong)).rejects.toMatchObject({
    code: 'master-key-wrong',
    message: expect.stringContaining('master key'),
  });
});

it('refused where the log is not the one that the read models remember, or has lost its end', async () => {
  await fill();
  const other = await startKurrentDouble();
  const mixed = { ...stores.environment, OPENBANK_EVENT_STORE: other.connectionString };
  for (const part of PARTS) {
    await expect(openServerBank(part, mixed)).rejects.toMatchObject({
      code: 'store-damaged',
      message: expect.stringMatching(/remembers position \d+.*restore the event store from a backup/),
    });
  }
  await other.stop();
});

it('refused where there are events and the keys of their persons are gone', async () => {
  await fill();
  const empty = await startMongoDouble();
  const without = { ...stores.environment, OPENBANK_READ_STORE: empty.connectionString };
  await expect(openServerBank('api', without)).rejects.toMatchObject({
    code: 'key-missing',
    message: expect.stringContaining('backup'),
  });
  await empty.stop();
});
