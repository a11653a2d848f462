import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server in a process of its own. */
export interface Served {
  readonly address: string;
  stop(): Promise<void>;
}

const MAIN = new URL('../../../packages/openbank/src/main.ts', import.meta.url);
const BARE = new URL('./bare-server.ts', import.meta.url);
const WITHOUT = new URL('./without.ts', import.meta.url);

/** The real bank on a new data directory, with the named safeguards taken out. */
export async function startBank(without: readonly string[] = []): Promise<Served> {
  const data = mkdtempSync(join(tmpdir(), 'openbank-bench-'));
  const env = { ...process.env, OPENBANK_BENCH_WITHOUT: without.join(',') };
  const child = fork(MAIN, ['serve', '--data', data, '--port', '0'], {
    env,
    execArgv: ['--import', WITHOUT.href],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const address = await addressOf(child);
  return {
    address,
    async stop() {
      await end(child);
      rmSync(data, { recursive: true });
    },
  };
}

/** The same HTTP server and schemas with a handler that stores nothing. */
export async function startBare(): Promise<Served> {
  const child = fork(BARE, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  return { address: await addressOf(child), stop: () => end(child) };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The server ended at its start, with code ${code}.`)));
    child.on('message', (message) => {
      if (typeof message === 'object' && 'address' in message) resolve(String(message.address));
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  child.removeAllListeners('exit');
  child.kill('SIGTERM');
  await once(child, 'exit');
}
