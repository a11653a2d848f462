import type { Io } from '../cli/io.ts';
import type { Environment } from '../config.ts';

export interface FakeIo extends Io {
  readonly outLines: string[];
  readonly errLines: string[];
}

/** A terminal for tests; questions are answered in order. */
export function fakeIo(environment: Environment = {}, answers?: readonly string[]): FakeIo {
  const outLines: string[] = [];
  const errLines: string[] = [];
  const left = [...(answers ?? [])];
  return {
    environment,
    interactive: answers !== undefined,
    unread: new AbortController().signal,
    outLines,
    errLines,
    out: (line) => void outLines.push(line),
    err: (line) => void errLines.push(line),
    draw: () => undefined,
    ask: async () => left.shift() ?? '',
  };
}
