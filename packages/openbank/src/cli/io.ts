import { createInterface } from 'node:readline/promises';
import type { Environment } from '../config.ts';

/** What a command of the command line may touch of the world around it. */
export interface Io {
  readonly environment: Environment;
  /** Whether somebody sits at a terminal: then questions are asked and progress is drawn in place. */
  readonly interactive: boolean;
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
  return {
    environment: process.env,
    interactive,
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
