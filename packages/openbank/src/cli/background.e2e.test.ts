import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projections } from '@openbank/bank';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { logFile } from '../data-directory.ts';
import { RUN_FILE, runningBank } from '../run-file.ts';
import { ALICE } from '../testing/calls.ts';
import { type ProgramDirectory, programDirectory } from '../testing/program-directory.ts';
import { type Ran, runCli } from '../testing/run-cli.ts';

let directory: ProgramDirectory;
let data: string;
const cli = (...args: readonly string[]): Promise<Ran> => runCli([...args, '--data', data]);
const start = (...args: readonly string[]): Promise<Ran> => cli('start', '--port', '0', ...args);
const address = (): string => runningBank(data)?.address ?? '';

beforeEach(() => {
  directory = programDirectory();
  data = directory.data;
});
afterEach(async () => {
  await cli('stop');
  directory.remove();
});

async function registerAlice(): Promise<string> {
  const response = await fetch(`${address()}/api/v1/persons`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(ALICE),
  });
  expect(response.status).toBe(201);
  return `${address()}${response.headers.get('location')}`;
}

async function statusOf(url: string): Promise<number> {
  return (await fetch(url)).status;
}

it('starts, says where it is, and keeps what it was told through a restart', async () => {
  const started = await start();
  expect(started.code).toBe(0);
  expect(started.out).toContain(`${address()}/api/docs`);
  expect(await statusOf(`${address()}/api/docs`)).toBe(200);
  const person = new URL(await registerAlice()).pathname;

  const restarted = await cli('restart', '--port', '0');
  expect(restarted.code).toBe(0);
  expect(restarted.out).toContain('has stopped');
  expect(await statusOf(`${address()}${person}`)).toBe(200);

  const stopped = await cli('stop');
  expect(stopped).toMatchObject({ code: 0, out: 'OpenBank has stopped.\n' });
  expect(existsSync(join(data, RUN_FILE))).toBe(false);
  expect(await cli('stop')).toMatchObject({ code: 0, out: `OpenBank is not running in ${data}.\n` });
});

it('keeps everything through kill -9, and starts again over what that has left', async () => {
  await start();
  const person = new URL(await registerAlice()).pathname;
  const pid = runningBank(data)?.pid ?? 0;
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => runningBank(data)).toBeUndefined();
  expect(await cli('status')).toMatchObject({ code: 3 });
  expect(await start()).toMatchObject({ code: 0 });
  expect(await statusOf(`${address()}${person}`)).toBe(200);
});

it('refuses to start twice on the same directory', async () => {
  await start();
  const second = await start();
  expect(second.code).toBe(1);
  expect(second.err).toContain(`already running at ${address()}`);
});

it('refuses to start where another process has the store, even without its run file', async () => {
  await start();
  const run = readFileSync(join(data, RUN_FILE), 'utf8');
  writeFileSync(join(data, RUN_FILE), '');
  const second = await start();
  expect(readFileSync(join(data, RUN_FILE), 'utf8')).toBe('');
  writeFileSync(join(data, RUN_FILE), run);
  expect(second.code).toBe(1);
  expect(second.err).toContain('store-locked');
});

it('says that a port is taken, by which flag to choose another, and leaves nothing running', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const taken = other.address();
  const port = typeof taken === 'object' && taken !== null ? taken.port : 0;
  const started = await cli('start', '--port', String(port));
  other.close();
  expect(started.code).toBe(1);
  expect(started.err).toContain(`port ${port}`);
  expect(started.err).toContain('--port (OPENBANK_PORT)');
  expect(readFileSync(logFile(data), 'utf8')).toContain('"listening":"127.0.0.1"');
  expect(runningBank(data)).toBeUndefined();
});

it('never sends a signal to a process that is not the bank', async () => {
  const foreign = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  await start();
  await cli('stop');
  const forged = { pid: foreign.pid, processStart: 'x', address: 'http://127.0.0.1:1', startedAt: '' };
  writeFileSync(join(data, RUN_FILE), JSON.stringify(forged));
  expect(await cli('stop')).toMatchObject({ code: 0, out: `OpenBank is not running in ${data}.\n` });
  expect(foreign.exitCode).toBeNull();
  foreign.kill();
});

it('tells status to people and to scripts', async () => {
  await start();
  await registerAlice();
  const people = await cli('status');
  expect(people.code).toBe(0);
  expect(people.out).toContain(address());
  expect(people.out).toContain('up to position 0000000000000001');
  expect(people.out).toMatch(/accounts version \d+: running, at 0000000000000001, 0 ms behind/);
  const scripts = await cli('status', '--json');
  expect(JSON.parse(scripts.out)).toMatchObject({
    running: true,
    pid: runningBank(data)?.pid,
    health: {
      status: 'ready',
      head: '0000000000000001',
      projections: projections.map(({ name, version }) => ({ name, version, status: 'running', live: true })),
    },
    data,
  });
});

it('shows and follows the log, in which nothing personal stands', async () => {
  await start();
  await registerAlice();
  const shown = await cli('logs');
  expect(shown.out).toContain('OpenBank is ready');
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const following = spawn(process.execPath, [main, 'logs', '-f', '-n', '0', '--data', data]);
  let seen = '';
  following.stdout.on('data', (bytes) => {
    seen += String(bytes);
  });
  await new Promise((resolve) => setTimeout(resolve, 500));
  await cli('restart', '--port', '0');
  await expect.poll(() => seen, { timeout: 5_000 }).toContain('OpenBank has stopped');
  await expect.poll(() => seen, { timeout: 5_000 }).toContain('OpenBank is ready');
  following.kill('SIGINT');
  expect(readFileSync(logFile(data), 'utf8')).not.toContain('Alice');
});

it('cleans only when it does not run, and resets to an empty bank', async () => {
  await start();
  const person = new URL(await registerAlice()).pathname;
  expect(await cli('clean', '--yes')).toMatchObject({ code: 1 });
  const reset = await cli('reset', '--yes', '--port', '0');
  expect(reset.code).toBe(0);
  expect(await statusOf(`${address()}${person}`)).toBe(404);
  await cli('stop');
  expect(await cli('clean', '--yes')).toMatchObject({ code: 0 });
  expect(existsSync(data)).toBe(false);
});

it('refuses to start without the master key of its keys, and says so', async () => {
  await start();
  await registerAlice();
  await cli('stop');
  writeFileSync(join(data, 'master.key'), `${'00'.repeat(32)}\n`);
  const started = await start();
  expect(started.code).toBe(1);
  expect(started.err).toContain('master key');
});
