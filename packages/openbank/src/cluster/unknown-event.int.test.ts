import { connect, createKurrentEventStore } from '@openbank/engine-kurrentdb';
import { CHAIN_START, type NewEvent } from '@openbank/eventsourcing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { HealthAnswer } from '../http/health.ts';
import { callsTo } from '../testing/calls.ts';
import { untilCaughtUp } from '../testing/filled-bank.ts';
import {
  ON_A_BUSY_MACHINE,
  openServerBank,
  type ServerBank,
  type ServerStores,
  startServerStores,
} from '../testing/server-bank.ts';

vi.setConfig(ON_A_BUSY_MACHINE);

let stores: ServerStores;
let projector: ServerBank;
let api: ServerBank;
beforeEach(async () => {
  stores = await startServerStores();
  projector = await openServerBank('projector', stores.environment);
  api = await openServerBank('api', stores.environment);
});
afterEach(async () => {
  await Promise.all([api.close(), projector.close()]);
  await stores.stop();
});

/** What a newer program may write. */
const FROM_THE_FUTURE: NewEvent = {
  id: '0199f1c6-4b7d-7c3a-9f0e-2d5b8a6c4e10',
  type: 'BankAccountPaintedDomainEventV1',
  schemaVersion: 1,
  recordedAt: 2_000_000_000_000_000,
  data: '{"colour":"green"}',
  metadata: { aggregate_type: 'BankAccount' },
  link: CHAIN_START,
};

async function appendToStream(stream: string, expected: number): Promise<void> {
  const connection = await connect(stores.kurrent.connectionString);
  const store = createKurrentEventStore(connection);
  await store.append({ streams: [{ stream, expected, events: [FROM_THE_FUTURE] }], claims: [] });
  await store.close();
  await connection.close();
}

const healthOf = async ({ app }: ServerBank): Promise<HealthAnswer> =>
  (await app.inject('/health/ready')).json();

it('an event that a projection does not know stops it, with its name, and the others go on', async () => {
  const calls = callsTo(api.app);
  const owner = await calls.registerAlice();
  const account = await calls.openAccount(owner);
  await untilCaughtUp(api.app);
  await appendToStream(`bank-account-${account}`, 0);

  const stopped = async () =>
    (await healthOf(projector)).projections.filter(({ status }) => status === 'stopped');
  await expect
    .poll(async () => (await stopped()).map(({ name }) => name), { timeout: 20_000 })
    .toContain('accounts');
  const [first] = await stopped();
  expect(first?.reason).toBe(`unknown-event-type at bank-account-${account}@1`);
  expect((await projector.app.inject('/health/ready')).statusCode).toBe(503);
  expect(projector.logged.join('')).toMatch(/BankAccountPaintedDomainEventV1/);

  // Never skipped: what comes after it in that read model is not shown, and not said to be there.
  const refused = await calls.deposit(account, '1.00');
  expect(refused.json()).toMatchObject({ status: 503, code: 'store-unavailable' });
  const { headers } = await calls.post('/persons', { ...PERSON });
  const position = headers['openbank-position'];
  expect((await calls.get(`/persons?min_position=${position}`)).statusCode).toBe(200);
  expect((await calls.get(`/accounts/${account}?min_position=${position}`)).json()).toMatchObject({
    status: 503,
    code: 'read-model-behind',
  });
});

const PERSON = {
  first_name: 'Bob',
  last_name: 'Jones',
  date_of_birth: '1980-01-02',
  nationality: 'GB',
  gender: 'MALE',
};
