import type { Command } from 'commander';
import { ConfigError } from '../../config.ts';
import { runningBank } from '../../run-file.ts';
import type { Io } from '../io.ts';
import { configOf, withSettings } from '../settings-options.ts';

/** Where the bank is that a command talks to. */
export type Found = { readonly url: string } | { readonly missing: string };

interface Flags {
  readonly url?: string;
  readonly data?: string;
}

/** Gives a command the flags that name a bank. */
export function withBank(command: Command): Command {
  command.option('--url <address>', 'where the bank is, if it runs elsewhere (OPENBANK_URL)');
  return withSettings(command, ['data']);
}

/**
 * The bank that is named: by `--url`, by `--data`, by OPENBANK_URL, or that of the data directory. What is missing is said
 * in words for people. @throws ConfigError - the address is none
 */
export function findBank(command: Command, io: Io): Found {
  const { url, data: named } = command.opts<Flags>();
  const given = url ?? (named === undefined ? io.environment.OPENBANK_URL || undefined : undefined);
  if (given !== undefined) return { url: checked(given) };
  const { data } = configOf(command, io);
  const bank = runningBank(data);
  if (bank === undefined) return { missing: `no bank runs in ${data}. ${START_IT}` };
  if (bank.address === null)
    return { missing: `the bank in ${data} is still starting. Try again in a moment.` };
  return { url: bank.address };
}

/** Where the log of a bank ends, so that a read can wait for it; undefined where it cannot be known now. */
export async function headOf(url: string): Promise<string | undefined> {
  try {
    const ready = `${url.replace(/\/+$/, '')}/health/ready`;
    const response = await fetch(ready, { signal: AbortSignal.timeout(2_000) });
    const health: unknown = await response.json();
    const known = typeof health === 'object' && health !== null && 'head' in health;
    return known && typeof health.head === 'string' ? health.head : undefined;
  } catch {
    // What is wrong, the read itself will tell.
    return undefined;
  }
}

const START_IT =
  './openbank start starts it; --url (OPENBANK_URL) or --data (OPENBANK_DATA) names one that runs elsewhere.';

function checked(url: string): string {
  const { protocol } = URL.parse(url) ?? {};
  if (protocol === 'http:' || protocol === 'https:') return url;
  throw new ConfigError([
    '--url (OPENBANK_URL) cannot be used: give the address of a bank such as http://localhost:8899.',
  ]);
}
