import { afterEach, beforeEach, expect, it } from 'vitest';
import { runningBank } from '../run-file.ts';
import { ALICE } from '../testing/calls.ts';
import { type ProgramDirectory, programDirectory } from '../testing/program-directory.ts';
import { type Ran, runCli } from '../testing/run-cli.ts';
import { type ServerStores, startServerStores } from '../testing/server-bank.ts';

let directory: ProgramDirectory;
let stores: ServerStores;
beforeEach(async () => {
  directory = programDirectory();
  stores = await startServerStores();
});
afterEach(async () => {
  await cli('stop');
  await stores.stop();
  directory.remove();
});

const cli = (...args: readonly string[]): Promise<Ran> => runCli([...args, '--data', directory.data]);
const start = (): Promise<Ran> =>
  cli(
    ...['start', '--port', '0', '--event-store', stores.environment.OPENBANK_EVENT_STORE ?? ''],
    ...['--read-store', stores.environment.OPENBANK_READ_STORE ?? ''],
  );

const address = (): string => `${runningBank(directory.data)?.address}/api/v1`;

async function post(path: string, body: object) {
  const response = await fetch(`${address()}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBeLessThan(300);
  return { position: response.headers.get('openbank-position'), ...Object(await response.json()) };
}

it('starts, works, tells its status and stops on KurrentDB and MongoDB, all in one, and is the same bank again', async () => {
  expect(await start()).toMatchObject({ code: 0 });
  const { id: owner_id } = await post('/persons', ALICE);
  const { id } = await post('/accounts', { owner_id });
  const { position } = await post(`/accounts/${id}/deposit`, { amount: '5.00' });
  const show = () => fetch(`${address()}/accounts/${id}?min_position=${position}`);
  const shown = async () => {
    await expect.poll(async () => (await show()).status, { timeout: 60_000 }).toBe(200);
    return (await show()).json();
  };
  const before = await shown();
  expect(before).toMatchObject({ balance: '5.00', owner: 'Alice Smith' });
  const { out } = await cli('status', '--json');
  expect(JSON.parse(out)).toMatchObject({ running: true, health: { status: 'ready', store: 'ok' } });
  expect(await cli('stop')).toMatchObject({ code: 0, out: 'OpenBank has stopped.\n' });

  expect(await start()).toMatchObject({ code: 0 });
  expect(await shown()).toEqual(before);
  expect(await cli('stop')).toMatchObject({ code: 0 });

  await stores.kurrent.goDown();
  const refused = await start();
  expect(refused.code).toBe(1);
  expect(refused.err).toContain(stores.kurrent.connectionString);
  expect(refused.err).toContain('store-unavailable');
});
