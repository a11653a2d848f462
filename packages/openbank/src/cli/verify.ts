import { EventSourcingError } from '@openbank/eventsourcing';
import { Command } from 'commander';
import type { Config } from '../config.ts';
import { DataDirectoryError, isDataDirectory } from '../data-directory.ts';
import { nameOfBank } from '../moving/bank-address.ts';
import { usesFiles } from '../store-address.ts';
import type { BankVerification } from '../verify/verify-bank.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import type { MakeCommand } from './make-command.ts';
import { createProgressLine } from './progress-line.ts';
import { configOf, withSettings } from './settings-options.ts';

interface Options {
  readonly json: boolean;
  /** Commander makes it of `--no-personal-data`. */
  readonly personalData: boolean;
}

const HELP = `
Reads all events and compares everything with them: chains, commits, claims, keys, the books at every event, limits,
index, snapshots and read models. Names the first fault of each kind and how many there are. Changes nothing, locks
nothing, and also works while the bank runs.
Ends with 0 only if all is well, with 1 otherwise.

Examples:
  ./openbank verify
  ./openbank verify --data /backups/bank --json
  ./openbank verify --event-store 'kurrentdb://localhost:2113?tls=false' --read-store 'mongodb://localhost:27017/openbank'`;

export const verifyCommand: MakeCommand = (io, end) => {
  const command = new Command('verify')
    .description('replay the whole log and say whether everything agrees with it')
    .option('--json', 'as one JSON object, for scripts', false)
    .option('--no-personal-data', 'do not open what is sealed: for a copy whose master key is kept elsewhere')
    .addHelpText('after', HELP)
    .action(async (options: Options) => end(await showVerification(configOf(command, io), options, io)));
  return withSettings(command, ['data', 'eventStore', 'readStore']);
};

async function showVerification(config: Config, { json, personalData }: Options, io: Io): Promise<ExitCode> {
  const { data } = config;
  if (usesFiles(config) && !isDataDirectory(data)) {
    throw new DataDirectoryError(
      `--data (OPENBANK_DATA): ${data} is not a data directory of OpenBank: name one.`,
    );
  }
  // Only here, so that all other commands answer at once.
  const [{ verifyBank }, { reportLines }, { toJson }] = await Promise.all([
    import('../verify/verify-bank.ts'),
    import('../verify/report.ts'),
    import('../verify/report-json.ts'),
  ]);
  const progress = createProgressLine(io);
  let verification: BankVerification;
  try {
    verification = await verifyBank({ ...config, personalData, onProgress: progress.say });
  } catch (error) {
    if (!(error instanceof EventSourcingError)) throw error;
    if (json) io.out(JSON.stringify({ ok: false, error: { code: error.code, message: error.message } }));
    io.err(`openbank: ${error.message}`);
    return EXIT.failed;
  } finally {
    progress.end();
  }
  if (json) io.out(JSON.stringify(toJson(nameOfBank(config), verification)));
  else for (const line of reportLines(nameOfBank(config), verification)) io.out(line);
  return verification.findings.length === 0 ? EXIT.ok : EXIT.failed;
}
