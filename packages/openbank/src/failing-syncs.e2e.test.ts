import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { read, send, type Write } from './testing/kill-loop/call.ts';
import { type ServerProcess, startServer } from './testing/kill-loop/server-process.ts';
import { type ProgramDirectory, programDirectory } from './testing/program-directory.ts';
import { runCli } from './testing/run-cli.ts';

let directory: ProgramDirectory;
let server: ServerProcess | undefined;
beforeEach(() => {
  directory = programDirectory();
});
afterEach(async () => {
  await server?.kill();
  directory.remove();
});

const hasStrace = process.env.OPENBANK_REQUIRE === 'all' || spawnSync('strace', ['-V']).status === 0;

const TRANSFERS = 3;
const AMOUNT = 10;

describe.runIf(hasStrace)('a bank whose disk fails at one sync', () => {
  // The first commit after a start takes two syncs; the last number is never reached by the transfers.
  it.each(Array.from({ length: TRANSFERS + 2 }, (_, before) => ({ nth: before + 1 })))(
    'acknowledges no transfer from sync number $nth on, and knows after a restart what it had acknowledged',
    async ({ nth }) => {
      const [from, to] = await openAccounts();
      server = await startServer(directory.data, [], {}, failing(nth));
      const acknowledged: { write: Write; answer: string }[] = [];
      const unsettled: Write[] = [];
      for (let number = 0; number < TRANSFERS; number++) {
        const write = transfer(`transfer-${number}`, from, to);
        const outcome = await send(server.address, write);
        if (outcome.kind !== 'ok') unsettled.push(write);
        else acknowledged.push({ write, answer: outcome.answer });
        expect(unsettled.length > 0 && outcome.kind === 'ok').toBe(false);
      }
      expect(acknowledged).toHaveLength(Math.min(Math.max(0, nth - 2), TRANSFERS));
      await server.kill();

      server = await startServer(directory.data);
      for (const { write, answer } of acknowledged) {
        expect(await send(server.address, write)).toMatchObject({ kind: 'ok', replayed: true, answer });
      }
      for (const write of unsettled) expect(await send(server.address, write)).toMatchObject({ kind: 'ok' });
      expect(await balances(server.address, from, to)).toEqual([
        `${1_000 - TRANSFERS * AMOUNT}.00`,
        `${TRANSFERS * AMOUNT}.00`,
      ]);
      await server.stop();
      server = undefined;
      expect(await runCli(['verify', '--data', directory.data])).toMatchObject({ code: 0 });
    },
  );
});

/** Runs the program so that exactly one sync of the log fails; the process that is started stays the program itself. */
function failing(nth: number): readonly string[] {
  const { data } = directory;
  const files = ['-P', join(data, 'log.db-wal'), '-P', join(data, 'log.db')];
  const fault = `inject=fsync,fdatasync:error=EIO:when=${nth}`;
  return [
    'strace',
    '-D',
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    ...files,
    '-e',
    'trace=fsync,fdatasync',
    '-e',
    fault,
  ];
}

async function openAccounts(): Promise<readonly [from: string, to: string]> {
  const bank = await startServer(directory.data);
  const created = async (path: string, body: Write['body']): Promise<string> => {
    const outcome = await send(bank.address, {
      key: `${path} ${JSON.stringify(body).length}`.replaceAll(' ', '-'),
      path,
      body,
    });
    if (outcome.kind !== 'ok') throw new Error(`${path}: ${outcome.reason}`);
    return String(JSON.parse(outcome.answer).id);
  };
  const owner = await created('/persons', PERSON);
  const from = await created('/accounts', { owner_id: owner });
  const to = await created('/accounts', { owner_id: owner, overdraft_limit: 0 });
  await created('/transactions/deposit', { account_id: from, amount: 1_000 });
  await bank.stop();
  return [from, to];
}

const PERSON = {
  first_name: 'Alice',
  last_name: 'Smith',
  date_of_birth: '1990-05-15',
  nationality: 'US',
  gender: 'FEMALE',
};

function transfer(key: string, from: string, to: string): Write {
  const body = { from_account_id: from, to_account_id: to, amount: AMOUNT, description: key };
  return { key, path: '/transactions/transfer', body };
}

async function balances(address: string, ...accounts: readonly string[]): Promise<readonly unknown[]> {
  const health = await read(address, '/health/ready');
  const head = typeof health === 'object' && health !== null && 'head' in health ? health.head : undefined;
  return Promise.all(
    accounts.map(async (id) => {
      const account = await read(address, `/api/v1/accounts/${id}?min_position=${head}`);
      return typeof account === 'object' && account !== null && 'balance' in account ? account.balance : '';
    }),
  );
}
