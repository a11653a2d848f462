import { Option } from 'commander';
import type { MakeCommand } from '../make-command.ts';
import { type BankCommand, bankCommand } from './bank-command.ts';
import { defined } from './defined.ts';

export interface WriteFlags {
  readonly key?: string;
  readonly ifMatch?: string;
  readonly dryRun?: true;
}

export const KEY_OPTION = new Option(
  '--key <key>',
  'names this call: the same command with the same key is done once, for ever',
);
export const DRY_RUN_OPTION = new Option(
  '--dry-run',
  'shows what would be answered, and records nothing; with --json as {"dry_run": true, ...}',
);

const WRITE_OPTIONS: readonly Option[] = [
  KEY_OPTION,
  DRY_RUN_OPTION,
  new Option('--if-match <revision>', 'only if it is still at this revision, which show prints'),
];

/** What a write sends beside its body. */
export function writeParams({ key, ifMatch, dryRun }: WriteFlags) {
  return {
    header: defined({ 'idempotency-key': key, 'if-match': etagOf(ifMatch) }),
    query: dryRun === true ? ({ dry_run: 'true' } as const) : {},
  };
}

/** `3` as the bank takes it, `"3"`; all else as it was typed: the bank says what is wrong with it. */
function etagOf(revision: string | undefined): string | undefined {
  return revision !== undefined && /^\d+$/.test(revision) ? `"${revision}"` : revision;
}

/** A command that changes something: it can be named by a key, bound to a revision, and tried first. */
export function writeCommand<Flags extends object, Data>(
  declared: BankCommand<Flags & WriteFlags, Data>,
): MakeCommand {
  const options = [...(declared.options ?? []), ...WRITE_OPTIONS];
  return bankCommand({ ...declared, options, writes: true });
}
