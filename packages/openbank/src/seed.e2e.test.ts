import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ServerProcess, startServer } from './testing/kill-loop/server-process.ts';
import { type ProgramDirectory, programDirectory } from './testing/program-directory.ts';

let directory: ProgramDirectory;
let server: ServerProcess;
beforeAll(async () => {
  directory = programDirectory();
  server = await startServer(directory.data);
});
afterAll(async () => {
  await server.stop();
  directory.remove();
});

/** Runs a command as it is printed in the seed, but for the port and the ids. */
async function shell(command: string): Promise<Record<string, unknown>> {
  const here = command.replace('http://localhost:8899', server.address.replace('127.0.0.1', 'localhost'));
  const { stdout } = await promisify(execFile)('sh', ['-c', here.replace('curl ', 'curl -sS ')]);
  return JSON.parse(stdout);
}

const hasCurl = process.env.OPENBANK_REQUIRE === 'all' || spawnSync('curl', ['--version']).status === 0;

it.runIf(hasCurl)('answers the calls of the seed exactly as they are printed there', async () => {
  const person = await shell(`curl -X POST "http://localhost:8899/api/v1/persons" \\
  -H "Content-Type: application/json" \\
  -d '{
    "first_name": "Alice",
    "last_name": "Smith",
    "date_of_birth": "1990-05-15",
    "nationality": "US",
    "gender": "FEMALE"
  }'`);
  expect(person).toMatchObject({ first_name: 'Alice', last_name: 'Smith', gender: 'FEMALE' });

  const account = await shell(`curl -X POST "http://localhost:8899/api/v1/accounts" \\
  -H "Content-Type: application/json" \\
  -d '{
    "owner_id": "${person.id}",
    "overdraft_limit": 500.00
  }'`);
  expect(account).toMatchObject({ owner_id: person.id, balance: '0.00', overdraft_limit: '500.00' });

  const deposit = await shell(`curl -X POST "http://localhost:8899/api/v1/transactions/deposit" \\
  -H "Content-Type: application/json" \\
  -d '{
    "account_id": "${account.id}",
    "amount": 1000.00,
    "description": "Initial deposit"
  }'`);
  expect(deposit).toMatchObject({ id: account.id, balance: '1000.00' });

  const view = `curl "http://localhost:8899/api/v1/accounts/${account.id}"`;
  await expect
    .poll(() => shell(view))
    .toMatchObject({
      id: account.id,
      owner: 'Alice Smith',
      balance: '1000.00',
      available_balance: '1500.00',
    });
});
