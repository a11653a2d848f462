import { Command } from 'commander';
import type { Config } from '../config.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import type { MakeCommand } from './make-command.ts';
import { movingFailed } from './moving-failure.ts';
import { createProgressLine } from './progress-line.ts';
import { sayImported } from './say-imported.ts';
import { configOf, withSettings } from './settings-options.ts';

const HELP = `
Takes what export has written into an empty bank; the bank does not run meanwhile. Each line is checked before it is used: one
that is not what was exported is refused with its number, and nothing from it on is imported. What was interrupted is repeated
as it was: what is there is found, and the rest follows. Into a bank that holds anything else nothing is imported.

The bank needs the master key of the one that was exported: OPENBANK_MASTER_KEY, or master.key in the data directory.

Examples:
  ./openbank import bank.ndjson --data /var/lib/openbank
  gunzip < bank.ndjson.gz | ./openbank import -`;

export const importCommand: MakeCommand = (io, end) => {
  const command = new Command('import')
    .description('make a bank of an exported file')
    .argument('<file>', 'which export has written; - for standard input')
    .addHelpText('after', HELP)
    .action(async (file: string) => end(await importOf(file, configOf(command, io), io)));
  return withSettings(command, ['data', 'eventStore', 'readStore']);
};

async function importOf(file: string, config: Config, io: Io): Promise<ExitCode> {
  // Only here, so that all other commands answer at once.
  const { importBank, importFromFile } = await import('../moving/move-bank.ts');
  const progress = createProgressLine(io);
  try {
    const imported = await (file === '-'
      ? importBank(process.stdin, config, ({ events }) =>
          progress.say(`${events.toLocaleString('en')} events`),
        )
      : importFromFile(file, config, progress.say));
    progress.end();
    sayImported(imported, config, io);
    return EXIT.ok;
  } catch (error) {
    progress.end();
    return movingFailed(error, file === '-' ? 'standard input' : file, io);
  }
}
