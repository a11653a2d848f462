import { type Command, Option } from 'commander';
import { type Config, type Flags, readConfig } from '../config.ts';
import { SETTINGS, type Setting } from '../settings.ts';
import type { Io } from './io.ts';

type Name = keyof typeof SETTINGS;

/** Gives a command the flags of some settings, with their variables and defaults in its help text. */
export function withSettings(command: Command, names: readonly Name[]): Command {
  for (const name of names) {
    const { flag, variable, placeholder, help, fallback }: Setting<unknown> = SETTINGS[name];
    if (flag === undefined) continue;
    const rest = fallback === undefined ? '' : `; default ${fallback}`;
    command.addOption(new Option(`--${flag} <${placeholder}>`, `${help} (${variable}${rest})`));
  }
  return command;
}

export const SERVER_SETTINGS = [
  'port',
  'host',
  'data',
  'eventStore',
  'readStore',
  'currency',
  'snapshotEvery',
  'snapshotKeep',
  'cacheMb',
  'readCacheMb',
  'logLevel',
] as const;

/** @throws ConfigError */
export function configOf(command: Command, { environment }: Io): Config {
  return readConfig(command.opts<Flags>(), environment);
}

/** The flags that make another process read the same configuration, but for what may hold a secret. */
export function flagsOf(config: Config): readonly string[] {
  return SERVER_SETTINGS.flatMap((name) => {
    const { flag, isSecret }: Setting<unknown> = SETTINGS[name];
    return flag === undefined || isSecret !== undefined ? [] : [`--${flag}`, String(config[name])];
  });
}

/** What goes by environment, beside the secrets that are there already. */
export function variablesOf({ eventStore, readStore }: Config): Readonly<Record<string, string>> {
  return {
    [SETTINGS.eventStore.variable]: eventStore.text,
    [SETTINGS.readStore.variable]: readStore.text,
  };
}
