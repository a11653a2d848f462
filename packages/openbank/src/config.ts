import { resolve } from 'node:path';
import { isLoopback } from './loopback.ts';
import { type LogLevel, nameOf, SETTINGS, type Setting } from './settings.ts';
import { type EventStoreAddress, IN_FILES, passwordInFlag, type ReadStoreAddress } from './store-address.ts';

/** All that the program is told from outside, checked. */
export interface Config {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Absolute path of the data directory. */
  readonly data: string;
  readonly eventStore: EventStoreAddress;
  readonly readStore: ReadStoreAddress;
  /** ISO 4217. */
  readonly currency: string;
  /** Events of a stream after which its state is kept; 0 for never. */
  readonly snapshotEvery: number;
  /** States kept of a stream. */
  readonly snapshotKeep: number;
  /** Megabytes of memory for states in use. */
  readonly cacheMb: number;
  /** Megabytes of memory for documents of a read store on a server. */
  readonly readCacheMb: number;
  readonly logLevel: LogLevel;
  readonly token: string | undefined;
  /** 32 bytes in hex or base64. */
  readonly masterKey: string | undefined;
}

/** Values of flags as they were typed, by the setting's name. */
export type Flags = { readonly [Name in keyof typeof SETTINGS]?: string | undefined };
export type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration cannot be used. Every problem names its flag and variable and says what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'config-invalid';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/**
 * Configuration from flags, then environment, then defaults. An empty variable counts as absent.
 *
 * @throws ConfigError - with everything that is wrong, not only the first
 */
export function readConfig(flags: Flags, environment: Environment): Config {
  const problems: string[] = [];
  const read = <Value>(name: keyof typeof SETTINGS, setting: Setting<Value>): Value | undefined => {
    const flag = flags[name];
    const text = flag ?? (environment[setting.variable] || setting.fallback);
    if (text === undefined) return undefined;
    try {
      const value = setting.parse(text);
      if (flag !== undefined && setting.isSecret?.(flag)) throw passwordInFlag(setting.variable);
      return value;
    } catch (error) {
      problems.push(`${nameOf(setting)} cannot be used: ${error instanceof Error ? error.message : error}.`);
      return undefined;
    }
  };
  const config = {
    host: read('host', SETTINGS.host) ?? '',
    port: read('port', SETTINGS.port) ?? 0,
    data: resolve(read('data', SETTINGS.data) ?? '.'),
    eventStore: read('eventStore', SETTINGS.eventStore) ?? IN_FILES,
    readStore: read('readStore', SETTINGS.readStore) ?? IN_FILES,
    currency: read('currency', SETTINGS.currency) ?? '',
    snapshotEvery: read('snapshotEvery', SETTINGS.snapshotEvery) ?? 0,
    snapshotKeep: read('snapshotKeep', SETTINGS.snapshotKeep) ?? 1,
    cacheMb: read('cacheMb', SETTINGS.cacheMb) ?? 1,
    readCacheMb: read('readCacheMb', SETTINGS.readCacheMb) ?? 0,
    logLevel: read('logLevel', SETTINGS.logLevel) ?? 'info',
    token: read('token', SETTINGS.token),
    masterKey: read('masterKey', SETTINGS.masterKey),
  };
  if (problems.length === 0) problems.push(...closedByDefault(config));
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** Without authentication nobody but this machine may reach the bank. */
function closedByDefault({ host, token }: Config): readonly string[] {
  if (token !== undefined || isLoopback(host)) return [];
  const advice = 'set OPENBANK_TOKEN to a secret of at least 16 characters, or listen on 127.0.0.1';
  return [`${nameOf(SETTINGS.host)} is open to other machines: ${advice}.`];
}
