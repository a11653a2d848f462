import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line as a user does, with secrets of the surrounding environment left out. */
export async function runCli(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const child = spawnCli(args, environment);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, out, err };
}

/** The same, killed after so many milliseconds unless it has ended by then; undefined where it was. */
export async function runCliKilled(
  args: readonly string[],
  after: number,
  environment: NodeJS.ProcessEnv = {},
): Promise<number | undefined> {
  const child = spawnCli(args, environment);
  child.stdout.resume();
  child.stderr.resume();
  const timer = setTimeout(() => child.kill('SIGKILL'), after);
  await once(child, 'exit');
  clearTimeout(timer);
  return child.exitCode ?? undefined;
}

/** The same, where who was to read what it says has gone. */
export async function runCliUnread(args: readonly string[]): Promise<Omit<Ran, 'out'>> {
  const child = spawnCli(args, {});
  child.stdout.destroy();
  const [err] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, err };
}

function spawnCli(args: readonly string[], environment: NodeJS.ProcessEnv) {
  return spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...withoutOurs(process.env), ...environment },
  });
}

function withoutOurs(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('OPENBANK_')));
}
