import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { logFile } from '../data-directory.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { followFile, lastLines } from './log-files.ts';
import type { MakeCommand } from './make-command.ts';
import { configOf, withSettings } from './settings-options.ts';

export const logsCommand: MakeCommand = (io, end) => {
  const command = new Command('logs')
    .description('show the log of the bank: a JSON object a line')
    .option('-f, --follow', 'go on with what is written from now on, until interrupted', false)
    .option('-n, --lines <number>', 'how many of the last lines to show', count, 50)
    .addHelpText('after', '\nExamples:\n  ./openbank logs -n 200\n  ./openbank logs -f')
    .action(async (options: { follow: boolean; lines: number }) =>
      end(await showLogs(logFile(configOf(command, io).data), options, io)),
    );
  return withSettings(command, ['data']);
};

async function showLogs(
  path: string,
  { follow, lines }: { readonly follow: boolean; readonly lines: number },
  io: Io,
): Promise<ExitCode> {
  if (!existsSync(path) && !follow) {
    io.err(`openbank: there is no log at ${path}: start the bank, or name its directory by --data.`);
    return EXIT.failed;
  }
  if (!existsSync(path)) io.err(`openbank: there is no log at ${path} yet: waiting for it, Ctrl+C ends.`);
  const last = lastLines(path, lines);
  if (last !== '') io.out(last);
  if (!follow) return EXIT.ok;
  const ending = new AbortController();
  process.once('SIGINT', () => ending.abort());
  process.once('SIGTERM', () => ending.abort());
  for await (const text of followFile(path, AbortSignal.any([ending.signal, io.unread])))
    io.out(text.replace(/\n$/, ''));
  return EXIT.ok;
}

function count(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('Give a number of lines.');
  return Number(text);
}
