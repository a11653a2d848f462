import { setTimeout as sleep } from 'node:timers/promises';
import { createOpenBankClient } from '@openbank/client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALICE } from './testing/calls.ts';
import { type ServerProcess, startServer } from './testing/kill-loop/server-process.ts';
import { type ProgramDirectory, programDirectory } from './testing/program-directory.ts';

let directory: ProgramDirectory;
let server: ServerProcess;
beforeEach(async () => {
  directory = programDirectory();
  server = await startServer(directory.data);
});
afterEach(async () => {
  await server.kill();
  directory.remove();
});

/** Reaches the bank wherever it is now: after a restart it has another port. */
const toServer: typeof fetch = (input, init) => {
  const request = new Request(input);
  const { pathname, search } = new URL(request.url);
  return fetch(new Request(server.address + pathname + search, request), init);
};

it('a client brings its writes through a killed bank, each of them once', async () => {
  const bank = createOpenBankClient({
    url: 'http://bank.example',
    retries: 100,
    patience: 90_000,
    fetch: toServer,
  });
  const { data: person } = await bank.post('/persons', { body: ALICE });
  const { data: account } = await bank.post('/accounts', { body: { owner_id: person.id } });
  const body = { account_id: account.id, amount: '1.00' };

  let done = 0;
  async function clerk(): Promise<void> {
    for (let times = 0; times < 25; times++) {
      await bank.post('/transactions/deposit', { body });
      done++;
    }
  }
  const clerks = Promise.all(Array.from({ length: 8 }, clerk));
  while (done < 40) await sleep(1);
  await server.kill();
  server = await startServer(directory.data);
  await clerks;

  const { data: shown } = await bank.get('/accounts/{id}', { params: { path: { id: account.id } } });
  expect(shown.balance).toBe('200.00');
});
