import { createInterface } from 'node:readline/promises';
import type { Environment } from '../config.ts';
import { EXIT } from './exit-code.ts';
import { fileFailure } from './file-failure.ts';

/** What a command of the command line may touch of the world around it. */
export interface Io {
  readonly environment: Environment;
  /** Whether somebody sits at a terminal: then questions are asked and progress is drawn in place. */
  readonly interactive: boolean;
  /** Aborts once nobody reads what is said to who called, as after `| head -1`. What is begun is done all the same. */
  readonly unread: AbortSignal;
  /** A line for who called. */
  out(line: string): void;
  /** A line about what went wrong, or about progress. */
  err(line: string): void;
  /** Progress in place of the last one; only on a terminal. */
  draw(line: string): void;
  /** What was answered to a question. */
  ask(question: string): Promise<string>;
}

export function terminal(): Io {
  const interactive = process.stdin.isTTY === true && process.stderr.isTTY === true;
  const unread = new AbortController();
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') unread.abort();
    else endUnsaid(error);
  });
  // There is no other place to say it.
  process.stderr.on('error', () => {});
  return {
    environment: process.env,
    interactive,
    unread: unread.signal,
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    draw: (line) => void process.stderr.write(`\r\x1b[K${line}`),
    async ask(question) {
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return await lines.question(question);
      } finally {
        lines.close();
      }
    },
  };
}

/** What was to be said is not: that is no success. */
function endUnsaid(error: unknown): never {
  const reason = fileFailure(error);
  if (reason === undefined) throw error;
  process.stderr.write(`openbank: standard output: ${reason}\n`);
  process.exit(EXIT.failed);
}
