import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { EXIT } from './exit-code.ts';
import type { MakeCommand } from './make-command.ts';

const BENCH = fileURLToPath(new URL('../../../../bench/src/bench.ts', import.meta.url));

const HELP = `
Without parts, all but those "only by name" are measured, in about ten minutes. Progress goes to standard error,
the table to standard output, with a plot of it where that is a terminal. Each figure is the median of alternating
runs on new data; a running bank is not touched. What the machine does beside it falsifies the figures. Parts that
need HTTP need wrk (Debian: apt-get install wrk); emmett-postgresql needs the programs of a PostgreSQL server (Debian:
apt-get install postgresql-15), which it starts and stops itself.
--safeguards is the part safeguards by another name: with other parts it is measured beside them.

Examples:
  ./openbank bench --quick               a first look, in a few minutes
  ./openbank bench --list                the parts that there are
  ./openbank bench appends emmett        only these parts
  ./openbank bench --plot goals.svg      a picture too`;

export const benchCommand: MakeCommand = (_io, end) =>
  new Command('bench')
    .description('measure the speed of OpenBank beside what else one would use, and print a table')
    .argument('[part...]', 'what to measure')
    .option('--quick', 'shorter runs on less data')
    .option('--json', 'as JSON, for scripts; the parts too')
    .option('--safeguards', 'measure the part safeguards: what each safeguard costs')
    .option('--plot <file>', 'also draw what was reached against each goal, as an SVG picture')
    .option('--list', 'name the parts and measure nothing')
    .option('--rounds <n>', 'alternating runs; default 3')
    .option('--seconds <n>', 'how long each HTTP load lasts; default 6')
    .option('--accounts <n>', 'how many accounts there are; default 1000')
    .option('--events <n>', 'how long logs are that are read; default 200000')
    .option('--directory <path>', 'a folder on the disk to measure; default: the folder for temporary files')
    .addHelpText('after', HELP)
    .action(async (parts: readonly string[], flags: Flags) => {
      const child = spawn(process.execPath, [BENCH, ...argumentsOf(flags), ...parts], { stdio: 'inherit' });
      const [code] = await once(child, 'exit');
      end(code === 0 ? EXIT.ok : code === EXIT.usage ? EXIT.usage : EXIT.failed);
    });

type Flags = Readonly<Record<string, string | true>>;

function argumentsOf(flags: Flags): readonly string[] {
  return Object.entries(flags).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, value],
  );
}
