import type { ChildProcess } from 'node:child_process';
import { readStartMessage, type StartMessage } from '../start-messages.ts';
import type { Io } from './io.ts';
import { lastLines } from './log-files.ts';
import { createProgressLine } from './progress-line.ts';

/** What has become of a start. After an interruption the child has ended, whatever it has said before. */
export type Started = Exclude<StartMessage, { kind: 'progress' }> | { readonly kind: 'interrupted' };

/** Where a child writes its log. */
export interface LogOfChild {
  readonly path: string;
  /** Bytes that were there before it: what others had to say. */
  readonly from: number;
}

/** Waits for what the child says last before it serves or ends. Interrupting the wait ends the child. */
export async function untilStarted(child: ChildProcess, log: LogOfChild, io: Io): Promise<Started> {
  const progress = createProgressLine(io);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const interruption = endWhenInterrupted(child, progress.say);
  try {
    const word = await lastWord(child, log, (text) => {
      if (!interruption.happened) progress.say(text);
    });
    // One that could not even be made has no end either.
    if (!interruption.happened || child.pid === undefined) return word;
    await ended;
    return { kind: 'interrupted' };
  } finally {
    interruption.forget();
    progress.end();
  }
}

/** Asks the child to end, which it may do only after it has started; interrupted again, ends it. */
function endWhenInterrupted(child: ChildProcess, say: (text: string) => void) {
  let happened = false;
  function interrupt(): void {
    // A bank that is killed loses nothing.
    child.kill(happened ? 'SIGKILL' : 'SIGTERM');
    happened = true;
    say(`interrupted: waiting for process ${child.pid} to end; Ctrl+C again kills it`);
  }
  process.on('SIGINT', interrupt);
  return {
    get happened() {
      return happened;
    },
    forget: () => void process.removeListener('SIGINT', interrupt),
  };
}

function lastWord(
  child: ChildProcess,
  log: LogOfChild,
  say: (text: string) => void,
): Promise<Exclude<Started, { kind: 'interrupted' }>> {
  return new Promise((resolve) => {
    child.on('message', (raw) => {
      const message = readStartMessage(raw);
      if (message?.kind === 'progress') say(message.text);
      else if (message !== undefined) resolve(message);
    });
    child.on('error', ({ message: reason }) => resolve({ kind: 'failed', reason }));
    // Not its exit: what it said before may still be on its way.
    child.on('disconnect', () => resolve({ kind: 'failed', reason: endOf(log, child.pid) }));
  });
}

function endOf({ path, from }: LogOfChild, pid: number | undefined): string {
  const lines = lastLines(path, 10, from)
    .split('\n')
    .filter((line) => line !== '' && !isOfAnother(line, pid));
  return lines.length === 0
    ? `it ended and said nothing in its log, ${path}.`
    : `its log ends with\n${lines.join('\n')}`;
}

/** Two that start at once write to one log. What ends a process before it logs names none. */
function isOfAnother(line: string, pid: number | undefined): boolean {
  const [, said] = /"pid":(\d+)/.exec(line) ?? [];
  return said !== undefined && Number(said) !== pid;
}
