import { existsSync } from 'node:fs';
import { Command } from 'commander';
import type { Config } from '../config.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import type { MakeCommand } from './make-command.ts';
import { movingFailed } from './moving-failure.ts';
import { createProgressLine } from './progress-line.ts';
import { configOf, withSettings } from './settings-options.ts';

const HELP = `
Writes the whole bank as newline-delimited JSON: events, claims and chain, keys of personal data and secrets, these as they
are kept, wrapped by the master key. The master key is not in it. Read models are not either: they are made from the events.
The bank may be running: what it has at the call is exported. A dash writes to standard output.

The file holds keys: keep it as you keep a backup of keys, and no longer than those.

Examples:
  ./openbank export bank.ndjson
  ./openbank export - | gzip > bank.ndjson.gz`;

export const exportCommand: MakeCommand = (io, end) => {
  const command = new Command('export')
    .description('write the whole bank to a file, to be imported elsewhere')
    .argument('<file>', 'which is not there yet; - for standard output')
    .addHelpText('after', HELP)
    .action(async (file: string) => end(await exportTo(file, configOf(command, io), io)));
  return withSettings(command, ['data', 'eventStore', 'readStore']);
};

async function exportTo(file: string, config: Config, io: Io): Promise<ExitCode> {
  if (file !== '-' && existsSync(file)) {
    io.err(`openbank: ${file} is there already: name another file, or remove it.`);
    return EXIT.failed;
  }
  // Only here, so that all other commands answer at once.
  const { exportBank, exportToFile } = await import('../moving/move-bank.ts');
  const progress = createProgressLine(io);
  try {
    const { events, claims, keys } = await (file === '-'
      ? exportBank(config, toStandardOutput, progress.say)
      : exportToFile(config, file, progress.say));
    progress.end();
    const [all, taken, kept] = [events, claims, keys].map((count) => count.toLocaleString('en'));
    const said = `Exported ${all} events, ${taken} claims and ${kept} keys. The master key is not among them.`;
    if (file === '-') io.err(said);
    else io.out(said);
    return EXIT.ok;
  } catch (error) {
    progress.end();
    return movingFailed(error, file === '-' ? 'standard output' : file, io);
  }
}

/** Once it is written. What else befalls the stream than that nobody reads on, its own listener tells before. */
function toStandardOutput(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => (error ? setImmediate(reject, error) : resolve()));
  });
}
