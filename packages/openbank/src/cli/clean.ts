import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EventSourcingError } from '@openbank/eventsourcing';
import { Command } from 'commander';
import { cleanDataDirectory, isDataDirectory } from '../data-directory.ts';
import { runningBank } from '../run-file.ts';
import { STACK_SECRETS } from '../stack/secrets-file.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import type { MakeCommand } from './make-command.ts';
import { configOf, withSettings } from './settings-options.ts';

export const cleanCommand: MakeCommand = (io, end) => {
  const command = new Command('clean')
    .description('remove the bank: its events, keys, read models and logs')
    .option('-y, --yes', 'do not ask', false)
    .addHelpText(
      'after',
      '\nRefuses while the bank runs, and for a directory that is none of OpenBank. Other files in it are left.\n\nExample:\n  ./openbank clean --yes',
    )
    .action(async ({ yes }: { yes: boolean }) => {
      const { data } = configOf(command, io);
      end((await confirmed(data, yes, io)) ? await clean(data, io) : EXIT.failed);
    });
  return withSettings(command, ['data']);
};

/** Whether the bank may be removed: somebody said yes. */
export async function confirmed(data: string, yes: boolean, io: Io): Promise<boolean> {
  if (yes || !existsSync(data)) return true;
  if (!io.interactive) {
    io.err(`openbank: this removes the bank in ${data} for good: say --yes to do it.`);
    return false;
  }
  const answer = await io.ask(`Remove the bank in ${data} for good? [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return true;
  io.err('openbank: nothing was removed.');
  return false;
}

export async function clean(data: string, io: Io): Promise<ExitCode> {
  const running = runningBank(data);
  if (running !== undefined) {
    io.err(`openbank: the bank runs (process ${running.pid}): ./openbank stop it first.`);
    return EXIT.failed;
  }
  if (!existsSync(data)) {
    io.out(`There is nothing at ${data}.`);
    return EXIT.ok;
  }
  if (!isDataDirectory(data)) {
    io.err(`openbank: ${data} is not a data directory of OpenBank: nothing was removed.`);
    return EXIT.failed;
  }
  return await remove(data, io);
}

async function remove(data: string, io: Io): Promise<ExitCode> {
  try {
    const left = await cleanDataDirectory(data);
    io.out(`The bank in ${data} is removed.`);
    const others = left.filter((name) => name !== STACK_SECRETS);
    if (others.length > 0) io.out(`Left, since it is not OpenBank's: ${others.join(', ')}`);
    if (others.length < left.length)
      io.out(
        `Left: ${join(data, STACK_SECRETS)}, which holds the master key of what containers keep in their volumes.`,
      );
    return EXIT.ok;
  } catch (error) {
    if (!(error instanceof EventSourcingError)) throw error;
    const isLocked = error.code === 'store-locked';
    io.err(
      `openbank: ${isLocked ? `another process has the bank in ${data} open: end it first.` : error.message}`,
    );
    return EXIT.failed;
  }
}
