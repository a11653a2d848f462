import { Command, InvalidArgumentError } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import type { MakeCommand } from '../make-command.ts';
import { createProgressLine } from '../progress-line.ts';
import { withClient } from './bank-command.ts';
import { withBank } from './running-bank.ts';
import type { DemoSize } from './seed/demo-persons.ts';
import type { Seeded } from './seed/seed-bank.ts';

const HELP = `
Persons who do not exist, their accounts in several currencies, and months of salaries, rents, card payments, transfers,
fees and interest; also an account that is frozen, one that is closed, and a deposit that was taken back. The same --seed
makes the same demo: given again, only what is missing is added, such as a month that has passed. Ends with 1 where some
transactions were refused, and with 4 where nobody knows of some whether they were recorded: given again, they are tried again.

The months are those of value dates: all of it is booked now. account statement shows both days of a line; its --from and --to
go by the booking.

Examples:
  ./openbank seed
  ./openbank seed --persons 200 --months 24
  ./openbank seed --seed another`;

export const seedCommand: MakeCommand = (io, end) => {
  const command = withBank(new Command('seed'))
    .description('fill the running bank with a demo: persons, accounts and months of movements')
    .option('--persons <number>', 'how many persons, 1 to 10000', count(1, 10_000), 20)
    .option('--accounts <number>', 'accounts of each, 1 to 5', count(1, 5), 2)
    .option('--months <number>', 'months of movements until now, 0 to 120', count(0, 120), 6)
    .option('--seed <word>', 'which demo: 1 to 20 letters and digits', word, '1')
    .option('--json', 'what there is, as one JSON object, for scripts', false)
    .addHelpText('after', HELP)
    .action(async () => {
      const { json, ...size } = command.opts<DemoSize & { readonly json: boolean }>();
      end(await seed(command, size, json, io));
    });
  return command;
};

function seed(command: Command, size: DemoSize, json: boolean, io: Io): Promise<ExitCode> {
  return withClient(command, io, { json, fresh: false, ownKeys: true }, async (bank) => {
    const { seedBank } = await import('./seed/seed-bank.ts');
    const progress = createProgressLine(io);
    const today = new Date().toISOString().slice(0, 10);
    const seeded = await seedBank(bank, size, today, progress.say).finally(progress.end);
    if (json) io.out(JSON.stringify(seeded));
    else for (const line of describe(seeded)) io.out(line);
    if (seeded.unknown > 0) return EXIT.unknown;
    return seeded.refused.length === 0 ? EXIT.ok : EXIT.failed;
  });
}

function describe(seeded: Seeded): readonly string[] {
  const { persons, accounts, transactions, added, personId, accountId } = seeded;
  const all = `${number(persons)} persons, ${number(accounts)} accounts and ${number(transactions)} transactions`;
  const news =
    added === 0 ? 'All of it was there already: nothing was added.' : `${number(added)} writes were new.`;
  return [
    `The demo is there: ${all}. ${news}`,
    ...missing(seeded),
    'What to look at next:',
    '  ./openbank person list',
    `  ./openbank account list --owner ${personId}`,
    `  ./openbank account statement ${accountId}`,
    '  ./openbank account list --status CLOSED',
    '  ./openbank trial-balance',
  ];
}

function missing({ refused, unknown }: Seeded): readonly string[] {
  const count = number(refused.length);
  return [
    ...(unknown === 0
      ? []
      : [
          `Of ${number(unknown)} transactions nobody knows whether they were recorded. Given again, they are tried again, and done once.`,
        ]),
    ...(refused.length === 0
      ? []
      : [`${count} transactions were refused; the first: ${refused[0]} Given again, they are tried again.`]),
  ];
}

function number(value: number): string {
  return value.toLocaleString('en');
}

/** Reads a whole number. @throws InvalidArgumentError - it is none, or too small or large */
function count(min: number, max: number) {
  return (text: string): number => {
    if (/^\d{1,6}$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text);
    throw new InvalidArgumentError(`Give a whole number from ${min} to ${max}.`);
  };
}

function word(text: string): string {
  if (/^[A-Za-z0-9]{1,20}$/.test(text)) return text;
  throw new InvalidArgumentError('Give 1 to 20 letters and digits.');
}
