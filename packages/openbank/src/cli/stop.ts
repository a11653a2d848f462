import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { isAlive, type RunFile, runningBank } from '../run-file.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import type { MakeCommand } from './make-command.ts';
import { createProgressLine } from './progress-line.ts';
import { configOf, withSettings } from './settings-options.ts';

export const stopCommand: MakeCommand = (io, end) => {
  const command = new Command('stop')
    .description('stop the bank after it has answered what it has accepted')
    .option('--stack', 'what start --stack has started; its data stays', false)
    .addHelpText('after', '\nStopping a bank that does not run succeeds.\n\nExample:\n  ./openbank stop')
    .action(async ({ stack }: { stack: boolean }) => {
      const config = configOf(command, io);
      if (stack) end(await (await import('../stack/stack.ts')).stopStack(config, io));
      else end(await stopBank(config.data, io));
    });
  return withSettings(command, ['data']);
};

/** Milliseconds in which a bank has always ended: its own patience with its clients is shorter. */
const PATIENCE = 30_000;

/** Ends the bank that runs on this directory. Only the very process that wrote the run file is ever sent a signal. */
export async function stopBank(data: string, io: Io, patience = PATIENCE): Promise<ExitCode> {
  const bank = runningBank(data);
  if (bank === undefined) {
    io.out(`OpenBank is not running in ${data}.`);
    return EXIT.ok;
  }
  signal(bank, 'SIGTERM');
  if (await hasEnded(bank, patience, io)) {
    io.out('OpenBank has stopped.');
    return EXIT.ok;
  }
  io.err(
    `openbank: process ${bank.pid} has not ended within ${patience / 1000} s: it is killed. Nothing is lost.`,
  );
  signal(bank, 'SIGKILL');
  return (await hasEnded(bank, 5_000, io)) ? EXIT.ok : EXIT.failed;
}

function signal(bank: RunFile, name: NodeJS.Signals): void {
  try {
    if (isAlive(bank)) process.kill(bank.pid, name);
  } catch (error) {
    // It has ended between the look and the signal.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

async function hasEnded(bank: RunFile, patience: number, io: Io): Promise<boolean> {
  const progress = createProgressLine(io);
  progress.say(`waiting for process ${bank.pid} to end`);
  const deadline = Date.now() + patience;
  try {
    while (isAlive(bank)) {
      if (Date.now() >= deadline) return false;
      await sleep(50);
    }
    return true;
  } finally {
    progress.end();
  }
}
