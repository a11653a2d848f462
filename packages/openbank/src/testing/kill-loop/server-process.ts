import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { readStartMessage } from '../../start-messages.ts';

const MAIN = fileURLToPath(new URL('../../main.ts', import.meta.url));

/** The real program, in a process of its own. */
export interface ServerProcess {
  /** `http://127.0.0.1:41234` */
  readonly address: string;
  readonly pid: number;
  /** Milliseconds from its start until it answered. */
  readonly startTime: number;
  /** SIGKILL; resolves once the process is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it stands still until it is told to go on. */
  pause(): void;
  goOn(): void;
  /** SIGTERM; resolves to its exit code and all that it logged. */
  stop(): Promise<{ readonly code: number | null; readonly log: string }>;
}

/**
 * The whole bank on a directory.
 *
 * @param under - a program with its arguments that runs it, such as strace
 * @throws Error - it ended before it was ready; the message holds its reason and its log
 */
export function startServer(
  data: string,
  args: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
  under: readonly string[] = [],
): Promise<ServerProcess> {
  return startProgram(['serve', '--data', data, ...args], environment, under);
}

/** The program on a free port, given a command that serves. @throws as `startServer` does */
export async function startProgram(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
  under: readonly string[] = [],
): Promise<ServerProcess> {
  const started = performance.now();
  const program = [process.execPath, MAIN, ...args, '--port', '0'];
  const [command = '', ...parameters] = [...under, ...program];
  const child = spawn(command, parameters, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...environment },
  });
  const ended = once(child, 'exit');
  const log = Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')));
  const address = await untilReady(child);
  if (address === undefined) throw new Error(`The bank did not start: ${(await log).join('\n')}`);
  return {
    address,
    pid: child.pid ?? 0,
    startTime: performance.now() - started,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    pause: () => void child.kill('SIGSTOP'),
    goOn: () => void child.kill('SIGCONT'),
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return { code: child.exitCode, log: (await log).join('\n') };
    },
  };
}

function untilReady(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.on('message', (raw) => {
      const message = readStartMessage(raw);
      if (message?.kind === 'ready') resolve(message.address);
      if (message?.kind === 'failed') resolve(undefined);
    });
    child.on('disconnect', () => resolve(undefined));
  });
}
