import { EXIT, type ExitCode } from '../cli/exit-code.ts';
import { runProgram } from '../cli/program.ts';
import { fakeIo } from './fake-io.ts';
import { openMemoryBank } from './memory-bank.ts';

/** What a command line said, and ended with. */
export interface Said {
  readonly code: ExitCode;
  readonly out: readonly string[];
  readonly err: string;
}

/** Command lines of the program, in this process, for a bank in memory that listens. */
export interface BankShell {
  readonly url: string;
  run(...args: readonly string[]): Promise<Said>;
  /** The same with `--json`, and what was answered. @throws Error - it did not succeed */
  json(...args: readonly string[]): Promise<Record<string, unknown>>;
  /** The id of what a command makes. */
  idOf(...args: readonly string[]): Promise<string>;
  /** @returns the id of a new account, whose owner is Alice Smith */
  openAccount(...flags: readonly string[]): Promise<string>;
  registerAlice(): Promise<string>;
  close(): Promise<void>;
}

/** The flags that register Alice Smith. */
export const ALICE_FLAGS = [
  ...['--first-name', 'Alice', '--last-name', 'Smith', '--date-of-birth', '1990-05-15'],
  ...['--nationality', 'US', '--gender', 'FEMALE'],
];

export async function openBankShell(): Promise<BankShell> {
  const bank = await openMemoryBank();
  const url = await bank.app.listen({ host: '127.0.0.1', port: 0 });

  async function run(...args: readonly string[]): Promise<Said> {
    const io = fakeIo({ OPENBANK_URL: url });
    const code = await runProgram(args, io);
    return { code, out: io.outLines, err: io.errLines.join('\n') };
  }
  async function json(...args: readonly string[]): Promise<Record<string, unknown>> {
    const { code, out, err } = await run(...args, '--json');
    if (code !== EXIT.ok) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`);
    return JSON.parse(out.join('\n'));
  }
  const idOf = async (...args: readonly string[]) => String((await json(...args)).id);
  const registerAlice = () => idOf('person', 'register', ...ALICE_FLAGS);
  return {
    ...{ url, run, json, idOf, registerAlice },
    openAccount: async (...flags) => idOf('account', 'open', await registerAlice(), ...flags),
    close: () => bank.close(),
  };
}
