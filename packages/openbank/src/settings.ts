import { isCurrency } from '@openbank/bank';
import { holdsPassword, parseEventStore, parseReadStore } from './store-address.ts';

/** One thing that can be configured: by flag, by environment variable, or not at all. */
export interface Setting<Value> {
  /** Long flag without its dashes; undefined for secrets, which a process list must not show. */
  readonly flag?: string;
  readonly variable: string;
  /** What stands for the value in help texts. */
  readonly placeholder: string;
  readonly help: string;
  /** Whether a value must not be given by flag after all, since it holds a secret. */
  readonly isSecret?: (text: string) => boolean;
  /** Taken where neither flag nor variable is given. */
  readonly fallback?: string;
  /** @throws Error - what is wrong and what to give instead; it never repeats a secret */
  parse(text: string): Value;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Every setting there is; help texts, checks and error messages are made from this. */
export const SETTINGS = {
  port: setting({
    flag: 'port',
    variable: 'OPENBANK_PORT',
    placeholder: 'number',
    help: 'port to listen on; 0 takes any free one',
    fallback: '8899',
    parse: parsePort,
  }),
  host: setting({
    flag: 'host',
    variable: 'OPENBANK_HOST',
    placeholder: 'address',
    help: 'address to listen on; other than loopback only with OPENBANK_TOKEN',
    fallback: '127.0.0.1',
    parse: (text) => check(text, /^[\w.:%-]+$/.test(text), 'give an address or host name such as 127.0.0.1'),
  }),
  data: setting({
    flag: 'data',
    variable: 'OPENBANK_DATA',
    placeholder: 'directory',
    help: 'directory that keeps the bank',
    fallback: './.openbank',
    parse: (text) => check(text, !text.includes('\0'), 'give the path of a directory'),
  }),
  eventStore: setting({
    flag: 'event-store',
    variable: 'OPENBANK_EVENT_STORE',
    placeholder: 'engine',
    help: 'where events are kept: sqlite, or the connection string of a KurrentDB server or cluster, kurrentdb://...',
    fallback: 'sqlite',
    isSecret: holdsPassword,
    parse: parseEventStore,
  }),
  readStore: setting({
    flag: 'read-store',
    variable: 'OPENBANK_READ_STORE',
    placeholder: 'engine',
    help: 'where read models and keys are kept: sqlite, or the connection string of a MongoDB replica set, mongodb://...',
    fallback: 'sqlite',
    isSecret: holdsPassword,
    parse: parseReadStore,
  }),
  currency: setting({
    flag: 'currency',
    variable: 'OPENBANK_CURRENCY',
    placeholder: 'code',
    help: 'currency of accounts that are opened without one (ISO 4217)',
    fallback: 'USD',
    parse: (text) => check(text, isCurrency(text), 'give a currency code such as USD or EUR'),
  }),
  snapshotEvery: setting({
    flag: 'snapshot-every',
    variable: 'OPENBANK_SNAPSHOT_EVERY',
    placeholder: 'events',
    help: 'events of an account or person after which its state is kept, 1000000 at most; 0 keeps none',
    fallback: '100',
    parse: (text) => parseCount(text, 0, 1_000_000),
  }),
  snapshotKeep: setting({
    flag: 'snapshot-keep',
    variable: 'OPENBANK_SNAPSHOT_KEEP',
    placeholder: 'number',
    help: 'states kept of each account and person, 1 to 1000',
    fallback: '10',
    parse: (text) => parseCount(text, 1, 1_000),
  }),
  cacheMb: setting({
    flag: 'cache-mb',
    variable: 'OPENBANK_CACHE_MB',
    placeholder: 'megabytes',
    help: 'megabytes of memory for the states of accounts and persons in use, 1 to 100000; each takes about 0.7 KB',
    fallback: '192',
    parse: (text) => parseCount(text, 1, 100_000),
  }),
  readCacheMb: setting({
    flag: 'read-cache-mb',
    variable: 'OPENBANK_READ_CACHE_MB',
    placeholder: 'megabytes',
    help: 'megabytes of memory for documents of MongoDB that are asked for again and again, 100000 at most; 0 keeps none',
    fallback: '32',
    parse: (text) => parseCount(text, 0, 100_000),
  }),
  logLevel: setting({
    flag: 'log-level',
    variable: 'OPENBANK_LOG_LEVEL',
    placeholder: 'level',
    help: `how much is logged: ${LOG_LEVELS.join(', ')}`,
    fallback: 'info',
    parse: parseLogLevel,
  }),
  token: setting({
    variable: 'OPENBANK_TOKEN',
    placeholder: 'secret',
    help: 'bearer token that every caller of the API must send: 16 to 512 visible ASCII characters',
    parse: (text) =>
      check(
        text,
        /^[\x21-\x7e]{16,512}$/.test(text),
        'give 16 to 512 visible ASCII characters without spaces',
      ),
  }),
  masterKey: setting({
    variable: 'OPENBANK_MASTER_KEY',
    placeholder: 'key',
    help: 'key that wraps all others: 32 bytes in hex or base64; without it, master.key in the data directory',
    parse: (text) =>
      check(
        text,
        /^(?:[0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?)$/.test(text),
        'give 32 random bytes in hex or base64 (openssl rand -hex 32)',
      ),
  }),
} as const;

/** `--port (OPENBANK_PORT)`: how errors name a setting. */
export function nameOf(setting: Pick<Setting<unknown>, 'flag' | 'variable'>): string {
  return setting.flag === undefined ? setting.variable : `--${setting.flag} (${setting.variable})`;
}

function setting<Value>(declared: Setting<Value>): Setting<Value> {
  return declared;
}

function check(text: string, ok: boolean, advice: string): string {
  if (!ok) throw new Error(advice);
  return text;
}

function parsePort(text: string): number {
  check(text, /^\d{1,5}$/.test(text) && Number(text) <= 65_535, 'give a number from 0 to 65535');
  return Number(text);
}

function parseCount(text: string, least: number, most: number): number {
  const count = Number(text);
  check(
    text,
    /^\d+$/.test(text) && count >= least && count <= most,
    `give a number from ${least} to ${most}`,
  );
  return count;
}

function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined) throw new Error(`give one of ${LOG_LEVELS.join(', ')}`);
  return level;
}
