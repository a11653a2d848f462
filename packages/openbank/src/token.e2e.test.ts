import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALICE } from './testing/calls.ts';
import { type ServerProcess, startServer } from './testing/kill-loop/server-process.ts';
import { type ProgramDirectory, programDirectory } from './testing/program-directory.ts';
import { runCli } from './testing/run-cli.ts';

const TOKEN = 'a-token-of-some-length';
let directory: ProgramDirectory;
let server: ServerProcess | undefined;
beforeEach(() => {
  directory = programDirectory();
});
afterEach(async () => {
  await server?.kill();
  server = undefined;
  directory.remove();
});

it('listens for other machines only with a token, and answers only who sends it', async () => {
  const open = ['--host', '0.0.0.0'];
  const refused = await runCli(['start', '--port', '0', '--data', directory.data, ...open]);
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('--host (OPENBANK_HOST)');

  server = await startServer(directory.data, open, { OPENBANK_TOKEN: TOKEN });
  const status = await runCli(['status', '--data', directory.data]);
  expect(status.out).toMatch(/listens on 0\.0\.0\.0, .*callers send the token/);
  const request = {
    method: 'POST',
    body: JSON.stringify(ALICE),
    headers: { 'Content-Type': 'application/json' },
  };
  const url = `${server.address}/api/v1/persons`;
  expect((await fetch(url, request)).status).toBe(401);
  const headers = { ...request.headers, Authorization: `Bearer ${TOKEN}` };
  expect((await fetch(url, { ...request, headers })).status).toBe(201);
});

it('keeps secrets and personal data out of its log and in files of its owner alone', async () => {
  server = await startServer(directory.data, [], { OPENBANK_TOKEN: TOKEN });
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${TOKEN}` };
  await fetch(`${server.address}/api/v1/persons`, { method: 'POST', body: JSON.stringify(ALICE), headers });
  await fetch(`${server.address}/api/v1/persons`, { method: 'POST', body: '{"first_name":"Alice"', headers });
  const { log } = await server.stop();
  expect(log).toContain('OpenBank is ready');
  for (const secret of [TOKEN, 'Alice', 'Smith', '1990-05-15']) expect(log).not.toContain(secret);
  for (const name of readdirSync(directory.data)) {
    const path = join(directory.data, name);
    if (!statSync(path).isFile()) continue;
    expect(statSync(path).mode & 0o077, name).toBe(0);
    for (const secret of [TOKEN, 'Alice', 'Smith'])
      expect(readFileSync(path, 'latin1'), name).not.toContain(secret);
  }
});
