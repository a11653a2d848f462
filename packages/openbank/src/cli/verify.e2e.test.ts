import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALICE } from '../testing/calls.ts';
import { send, type Write } from '../testing/kill-loop/call.ts';
import { type ServerProcess, startServer } from '../testing/kill-loop/server-process.ts';
import { type ProgramDirectory, programDirectory } from '../testing/program-directory.ts';
import { type Ran, runCli } from '../testing/run-cli.ts';

let directory: ProgramDirectory;
let server: ServerProcess;
const verify = (...args: readonly string[]): Promise<Ran> =>
  runCli(['verify', ...args, '--data', directory.data]);

beforeEach(async () => {
  directory = programDirectory();
  server = await startServer(directory.data);
});
afterEach(async () => {
  await server.kill();
  directory.remove();
});

let writes = 0;

async function write(path: string, body: Write['body']): Promise<string> {
  const outcome = await send(server.address, { key: `write-${writes++}`, path, body });
  return outcome.kind === 'ok' ? String(JSON.parse(outcome.answer).id) : '';
}

/** Opens accounts, and moves money among them, until it is told to stop. */
function startLoad(clients: number): { stop(): Promise<number> } {
  let stopping = false;
  let done = 0;
  async function client(): Promise<void> {
    const owner = await write('/persons', { ...ALICE });
    const accounts: string[] = [];
    const some = (): string => accounts[Math.floor(Math.random() * accounts.length)] ?? '';
    while (!stopping) {
      if (done++ % 10 === 0) accounts.push(await write('/accounts', { owner_id: owner }));
      const amount = '1.00';
      await write('/transactions/deposit', { account_id: some(), amount, description: 'In' });
      await write('/transactions/transfer', {
        from_account_id: some(),
        to_account_id: some(),
        amount,
        description: 'Over',
      });
    }
  }
  const running = Promise.all(Array.from({ length: clients }, client));
  return {
    async stop() {
      stopping = true;
      await running;
      return done;
    },
  };
}

it('finds all well again and again while the bank runs under load, and after a kill', async () => {
  const load = startLoad(8);
  const positions: string[] = [];
  for (let time = 0; time < 5; time++) {
    const { code, out } = await verify('--json');
    const verification = JSON.parse(out);
    expect(verification.findings).toEqual([]);
    expect(code).toBe(0);
    positions.push(verification.position);
  }
  expect(positions).toEqual([...new Set(positions)].sort());
  await server.kill();
  await load.stop();
  expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining('All is well') });

  server = await startServer(directory.data);
  expect(await verify()).toMatchObject({ code: 0 });
});

it('ends with 1 and names what is wrong, and with 2 where there is no bank', async () => {
  await write('/persons', { ...ALICE });
  await server.stop();
  for (const name of readdirSync(directory.data).filter((file) => file.startsWith('keys.db'))) {
    rmSync(join(directory.data, name));
  }
  const { code, out } = await verify();
  expect(code).toBe(1);
  expect(out).toContain('keys-unusable');
  expect(existsSync(join(directory.data, 'keys.db'))).toBe(false);
  writeFileSync(join(directory.data, 'log.db'), 'x'.repeat(5_000));
  const unopened = await verify('--json');
  expect(unopened.code).toBe(1);
  expect(JSON.parse(unopened.out)).toEqual({
    ok: false,
    error: { code: 'store-damaged', message: expect.stringContaining('log.db') },
  });
  expect(await runCli(['verify', '--data', `${directory.data}/elsewhere`])).toMatchObject({ code: 2 });
});
