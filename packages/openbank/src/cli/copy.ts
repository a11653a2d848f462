import { Command } from 'commander';
import { ConfigError } from '../config.ts';
import {
  type BankAddress,
  holdsSecret,
  isSameBank,
  nameOfBank,
  parseBankAddress,
} from '../moving/bank-address.ts';
import { passwordInFlag } from '../store-address.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import type { MakeCommand } from './make-command.ts';
import { movingFailed } from './moving-failure.ts';
import { createProgressLine } from './progress-line.ts';
import { sayImported } from './say-imported.ts';

interface Options {
  readonly from?: string;
  readonly to?: string;
}

const HELP = `
A bank is named by its data directory, or by its servers: the connection string of KurrentDB, a comma, and that of MongoDB.
With passwords they go by environment, OPENBANK_FROM and OPENBANK_TO: every list of processes shows flags.

Copies events, claims, chains, keys and secrets, in the order of the log. The source may be running: what it has at the call is
copied, and the same command again copies the rest. What was interrupted, at whatever moment, is repeated as it was. The target
is empty, or holds the beginning of the same log; nobody writes there meanwhile. The master key does not move.

To change over: copy; stop the source; copy again; verify both; start the target. See docs/operations/moving.md.

Examples:
  ./openbank copy --from ./.openbank --to 'kurrentdb://localhost:2113?tls=false,mongodb://localhost:27017/openbank?replicaSet=rs0'
  OPENBANK_FROM='kurrentdb://...,mongodb://...' ./openbank copy --to /var/lib/openbank`;

export const copyCommand: MakeCommand = (io, end) =>
  new Command('copy')
    .description('copy the whole bank to another place, on any engines')
    .option('--from <bank>', 'the bank to copy (OPENBANK_FROM)')
    .option('--to <bank>', 'where to (OPENBANK_TO)')
    .addHelpText('after', HELP)
    .action(async (options: Options) => {
      const [from, to] = addressesOf(options, io);
      end(await copy(from, to, io));
    });

/** @throws ConfigError */
function addressesOf({ from, to }: Options, { environment }: Io): readonly [BankAddress, BankAddress] {
  const problems: string[] = [];
  const read = (name: string, variable: string, flag: string | undefined): BankAddress | undefined => {
    try {
      const text = flag ?? environment[variable];
      if (!text) throw new Error('name a bank');
      const address = parseBankAddress(text);
      if (flag !== undefined && holdsSecret(address)) throw passwordInFlag(variable);
      return address;
    } catch (error) {
      problems.push(
        `--${name} (${variable}) cannot be used: ${error instanceof Error ? error.message : error}.`,
      );
      return undefined;
    }
  };
  const [source, target] = [read('from', 'OPENBANK_FROM', from), read('to', 'OPENBANK_TO', to)];
  if (source === undefined || target === undefined) throw new ConfigError(problems);
  if (isSameBank(source, target)) throw new ConfigError(['--from and --to name the same bank: name two.']);
  return [source, target];
}

async function copy(from: BankAddress, to: BankAddress, io: Io): Promise<ExitCode> {
  // Only here, so that all other commands answer at once.
  const { copyBank } = await import('../moving/move-bank.ts');
  const progress = createProgressLine(io);
  try {
    const copied = await copyBank(from, to, progress.say);
    progress.end();
    sayImported(copied, to, io);
    return EXIT.ok;
  } catch (error) {
    progress.end();
    return movingFailed(error, `${nameOfBank(from)} to ${nameOfBank(to)}`, io);
  }
}
