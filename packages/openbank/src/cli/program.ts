import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config.ts';
import { DataDirectoryError } from '../data-directory.ts';
import { SETTINGS, type Setting } from '../settings.ts';
import { BANK_COMMANDS } from './bank/commands.ts';
import { benchCommand } from './bench.ts';
import { cleanCommand } from './clean.ts';
import { copyCommand } from './copy.ts';
import { EXIT, EXIT_CODES_HELP, type ExitCode } from './exit-code.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import type { Io } from './io.ts';
import { logsCommand } from './logs.ts';
import type { MakeCommand } from './make-command.ts';
import { openapiCommand } from './openapi.ts';
import { resetCommand } from './reset.ts';
import { restartCommand } from './restart.ts';
import { serveCommand } from './serve.ts';
import { startCommand } from './start.ts';
import { statusCommand } from './status.ts';
import { stopCommand } from './stop.ts';
import { testCommand } from './test.ts';
import { verifyCommand } from './verify.ts';

const COMMANDS: readonly MakeCommand[] = [
  startCommand,
  stopCommand,
  restartCommand,
  statusCommand,
  logsCommand,
  ...BANK_COMMANDS,
  cleanCommand,
  resetCommand,
  verifyCommand,
  exportCommand,
  importCommand,
  copyCommand,
  openapiCommand,
  testCommand,
  benchCommand,
  serveCommand,
];

const settings: readonly Setting<unknown>[] = Object.values(SETTINGS);
const secrets = settings.filter(({ flag }) => flag === undefined);

const HELP = `
Environment, for the flags of start:
${listed(settings.filter((setting) => !secrets.includes(setting)))}
and for secrets, which have no flags:
${listed(secrets)}
and for commands that talk to a bank that runs:
  OPENBANK_URL              where it is, if not where --data says: http://localhost:8899
${EXIT_CODES_HELP}

Examples:
  ./openbank start            start the bank and wait until it is ready
  ./openbank status           what runs, and how it is
  ./openbank logs -f          follow the log
  ./openbank account list     ask the bank itself
  ./openbank start --help     what can be configured`;

/** Runs a command line. @param args - without the program's own name */
export async function runProgram(args: readonly string[], io: Io): Promise<ExitCode> {
  let ended: ExitCode = EXIT.ok;
  const program = new Command('openbank')
    .version(version(), '-V, --version', 'which version this is')
    .description('An event-sourced bank.')
    .addHelpText('after', HELP)
    .showHelpAfterError(
      '(./openbank --help lists the commands, ./openbank <command> --help shows the flags of one)',
    );
  for (const make of COMMANDS) {
    program.addCommand(
      make(io, (code) => {
        ended = code;
      }),
    );
  }
  for (const command of below(program))
    command.showHelpAfterError(`(./${nameOf(command)} --help shows its flags)`);
  for (const command of [program, ...below(program)]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
      outputError: (text, write) => write(text.replace(/^error: /, 'openbank: ')),
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return ended;
  } catch (error) {
    return explain(error, io);
  }
}

/** All commands of a command, and theirs. */
function below(command: Command): readonly Command[] {
  return command.commands.flatMap((one) => [one, ...below(one)]);
}

/** With the names of those that it is below of: `openbank account open`. */
function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}

function listed(some: readonly Setting<unknown>[]): string {
  return some.map(({ variable, help }) => `  ${variable.padEnd(24)}  ${help}`).join('\n');
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return known ? String(manifest.version) : 'unknown';
}

function explain(error: unknown, io: Io): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof ConfigError) {
    for (const problem of error.problems) io.err(`openbank: ${problem}`);
    return EXIT.usage;
  }
  if (error instanceof DataDirectoryError) {
    io.err(`openbank: ${error.message}`);
    return EXIT.usage;
  }
  throw error;
}
