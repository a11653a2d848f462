import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** A server in a process of its own. */
export interface Served {
  readonly address: string;
  stop(): Promise<void>;
}

const MAIN = new URL('../../../packages/openbank/src/main.ts', import.meta.url);
const BARE = new URL('./bare-server.ts', import.meta.url);
const WITHOUT = new URL('./without.ts', import.meta.url);

/** The real bank, with the named safeguards taken out. */
export async function startBank(directory: string, without: readonly string[] = []): Promise<Served> {
  const settings = { OPENBANK_BENCH_WITHOUT: without.join(','), OPENBANK_LOG_LEVEL: 'warn' };
  const child = fork(MAIN, ['serve', '--data', directory, '--port', '0'], {
    env: { ...environment(), ...settings },
    execArgv: without.length === 0 ? [] : ['--disable-warning=ExperimentalWarning', '--import', WITHOUT.href],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return served(child);
}

/** Runs `openbank verify`. @throws Error - something is wrong with the bank: what it said */
export async function assertSound(directory: string): Promise<void> {
  const verify = [fileURLToPath(MAIN), 'verify', '--data', directory];
  await promisify(execFile)(process.execPath, verify, { env: environment() }).catch(
    ({ stdout, stderr }: { readonly stdout?: string; readonly stderr?: string }) => {
      throw new Error(`The bank is not sound afterwards:\n${stdout}${stderr}`);
    },
  );
}

/** The same HTTP server and schemas with handlers that store nothing. */
export async function startBare(): Promise<Served> {
  return served(fork(BARE, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }));
}

/** The environment without what would configure a bank. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('OPENBANK_')));
}

async function served(child: ChildProcess): Promise<Served> {
  const { pid } = child;
  // Not left behind where the benchmark fails or is interrupted.
  const end = (): void => void (pid !== undefined && child.exitCode === null && child.kill('SIGKILL'));
  process.once('exit', end);
  return {
    address: await addressOf(child),
    async stop() {
      process.removeListener('exit', end);
      child.removeAllListeners('exit');
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The server ended at its start, with code ${code}.`)));
    child.on('message', (message) => {
      if (typeof message === 'object' && 'address' in message) resolve(String(message.address));
    });
  });
}
