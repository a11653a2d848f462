import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const APPENDER = fileURLToPath(new URL('./appender.ts', import.meta.url));

export interface AppenderOptions {
  readonly directory: string;
  readonly clients?: number;
  /** Of each client. Default: without end. */
  readonly appends?: number;
  /** A program with its arguments that runs the appender, such as strace. */
  readonly under?: readonly string[];
}

/** The appender, running. */
export interface Appender {
  readonly pid: number;
  /** All lines so far. */
  readonly lines: readonly string[];
  /** Resolves when there are so many lines that begin so. */
  saying(start: string, count?: number): Promise<void>;
  kill(): Promise<void>;
  ended(): Promise<void>;
}

export function startAppender(options: AppenderOptions): Appender {
  const { directory, clients = 8, appends = Number.POSITIVE_INFINITY, under = [] } = options;
  const program = [process.execPath, APPENDER, directory, String(clients), String(appends)];
  const [command = '', ...parameters] = [...under, ...program];
  const child = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'inherit'] });
  return watch(child);
}

function watch(child: ChildProcess): Appender {
  const lines: string[] = [];
  const watchers = new Set<() => void>();
  const closed = once(child, 'close').then(() => {
    for (const watcher of watchers) watcher();
  });
  if (child.stdout === null) throw new Error('unreachable: its output is a pipe');
  createInterface(child.stdout).on('line', (line) => {
    lines.push(line);
    for (const watcher of watchers) watcher();
  });
  return {
    pid: child.pid ?? 0,
    lines,
    saying: (start, count = 1) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (lines.filter((line) => line.startsWith(start)).length >= count) resolve();
          else if (child.exitCode !== null)
            reject(new Error(`It ended without saying ${start}: ${lines.at(-1)}`));
        };
        watchers.add(look);
        look();
      }),
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
    ended: () => closed,
  };
}

/** The second words of the lines that begin with the first. */
export function said(lines: readonly string[], first: string): readonly string[] {
  return lines.filter((line) => line.startsWith(`${first} `)).map((line) => line.split(' ')[1] ?? '');
}

/** Whether a test runs that needs a tool of the system: always where everything is required. */
export function canRun(tool: string, ...parameters: readonly string[]): boolean {
  return process.env.OPENBANK_REQUIRE === 'all' || spawnSync(tool, parameters).status === 0;
}
