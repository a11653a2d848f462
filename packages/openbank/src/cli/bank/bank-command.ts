import type { Answer, OpenBankClient } from '@openbank/client';
import { Command, type Option } from 'commander';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Io } from '../io.ts';
import type { MakeCommand } from '../make-command.ts';
import { configOf } from '../settings-options.ts';
import { findBank, headOf, withBank } from './running-bank.ts';
import { exitCodeOf, failureLines, problemOf, type Repeating } from './say-failure.ts';
import { headerLines, isDryRun } from './say-headers.ts';
import { typedName } from './typed-name.ts';

/** What was typed after a command. */
export interface Given<Flags> {
  /** The arguments in their order; commander sees to it that those that must be there are. */
  readonly args: readonly string[];
  readonly flags: Flags;
  readonly io: Io;
}

/** A command that asks the running bank one thing. */
export interface BankCommand<Flags, Data> {
  /** Its name and arguments, as commander reads them: `deposit <account-id> <amount>`. */
  readonly usage: string;
  readonly summary: string;
  /** Flags of its own. */
  readonly options?: readonly Option[];
  /** What to know, before the examples. */
  readonly notes?: string;
  /** Without `./openbank`, one a line. */
  readonly examples: readonly string[];
  /** Whether it changes something. A read waits until it shows all that was written before it. */
  readonly writes?: boolean;
  call(bank: OpenBankClient, given: Given<Flags>): Promise<Answer<Data>>;
  /** The answer for people. */
  show(data: Data, given: Given<Flags>): readonly string[];
  /** The id of what it has made, for scripts that go on with it. */
  id?(data: Data): string;
  /**
   * What an answer leaves open, and how to find out: said on standard error, to scripts too.
   *
   * @param key - the idempotency key that a write was sent with
   */
  doubts?(data: Data, key: string | undefined): readonly string[];
  /** What it ends with, where an answer may tell of failures. */
  exitCode?(data: Data): ExitCode;
}

export function bankCommand<Flags extends object, Data>(declared: BankCommand<Flags, Data>): MakeCommand {
  const { usage, summary, options = [], notes, examples } = declared;
  return (io, end) => {
    const command = withBank(new Command(nameIn(usage)).description(summary));
    const parameters = usage.slice(nameIn(usage).length).trim();
    if (parameters !== '') command.arguments(parameters);
    for (const option of options) command.addOption(option);
    if (declared.id !== undefined)
      command.option('-q, --quiet', 'only the id of what was made or changed', false);
    return command
      .option('--json', 'the answer of the bank as it is, for scripts', false)
      .addHelpText('after', helpText(notes, examples))
      .action(async () => end(await run(declared, command, io)));
  };
}

/** Commands under a name of their own: `account open`, `account show`. */
export function commandGroup(name: string, summary: string, members: readonly MakeCommand[]): MakeCommand {
  return (io, end) => {
    const names: string[] = [];
    const group = new Command(name);
    for (const make of members) {
      const member = make(io, end);
      names.push(member.name());
      group.addCommand(member);
    }
    group.description(`${summary}: ${names.join(', ')}`);
    return group.addHelpText('after', `\n./openbank ${name} <command> --help shows the flags of one.`);
  };
}

function nameIn(usage: string): string {
  return usage.split(' ')[0] ?? '';
}

function helpText(notes: string | undefined, examples: readonly string[]): string {
  const shown = examples.map((example) => `  ./openbank ${example}`).join('\n');
  return `${notes === undefined ? '' : `\n${notes}\n`}\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${shown}`;
}

async function run<Flags extends object, Data>(
  { call, show, id, doubts, exitCode, writes = false }: BankCommand<Flags, Data>,
  command: Command,
  io: Io,
): Promise<ExitCode> {
  const flags = command.opts<Flags & { readonly json: boolean; readonly quiet?: boolean }>();
  const given = { args: command.args, flags, io };
  return withClient(command, io, { json: flags.json, fresh: !writes }, async (bank) => {
    const answer = await call(bank, given);
    const { data, key } = answer;
    if (flags.json) io.out(JSON.stringify(isDryRun(answer) ? { dry_run: true, ...data } : data));
    else if (flags.quiet === true && id !== undefined) io.out(id(data));
    else for (const line of [...show(data, given), ...headerLines(answer)]) io.out(line);
    for (const line of doubts?.(data, key) ?? []) io.err(line);
    return exitCode?.(data) ?? EXIT.ok;
  });
}

interface Asking extends Pick<Repeating, 'ownKeys'> {
  /** Whether a failure is said to scripts too. */
  readonly json: boolean;
  /** Whether reads show at least what is in the log now. */
  readonly fresh: boolean;
}

/** Gives work a client of the bank that the command names, and says what has failed. */
export async function withClient(
  command: Command,
  io: Io,
  { json, fresh, ownKeys = false }: Asking,
  work: (bank: OpenBankClient) => Promise<ExitCode>,
): Promise<ExitCode> {
  const found = findBank(command, io);
  if ('missing' in found) {
    io.err(`openbank: ${found.missing}`);
    return EXIT.notRunning;
  }
  const { token } = configOf(command, io);
  // Only here, so that all other commands answer at once.
  const { createOpenBankClient, OpenBankError } = await import('@openbank/client');
  try {
    const position = fresh ? await headOf(found.url) : undefined;
    return await work(createOpenBankClient({ url: found.url, token, position }));
  } catch (error) {
    if (!(error instanceof OpenBankError)) throw error;
    const { key } = command.opts<{ readonly key?: string }>();
    if (json) io.out(JSON.stringify(problemOf(error, key)));
    const nameOf = (field: string): string => typedName(field, command);
    for (const line of failureLines(error, { ownKeys, nameOf })) io.err(line);
    return exitCodeOf(error);
  }
}
