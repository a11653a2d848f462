import { type Config, ConfigError } from './config.ts';
import { nameOf, SETTINGS } from './settings.ts';

/** What a process does: all of the bank, or the answering or the projecting half, beside other processes. */
export const PARTS = ['all', 'api', 'projector'] as const;
export type Part = (typeof PARTS)[number];

/** @throws ConfigError - the stores belong to one process, or something is missing that all processes must share */
export function assertPart(part: Part, { eventStore, readStore, masterKey }: Config): void {
  if (part === 'all') return;
  const problems: string[] = [];
  if (eventStore.engine === 'sqlite') problems.push(filesOfOne(part, SETTINGS.eventStore, 'kurrentdb://...'));
  if (readStore.engine === 'sqlite') problems.push(filesOfOne(part, SETTINGS.readStore, 'mongodb://...'));
  if (part === 'api' && masterKey === undefined) {
    const { variable } = SETTINGS.masterKey;
    problems.push(`${variable} is missing: every api takes the same one (openssl rand -hex 32, once).`);
  }
  if (problems.length > 0) throw new ConfigError(problems);
}

function filesOfOne(part: Part, setting: Parameters<typeof nameOf>[0], instead: string): string {
  return `${nameOf(setting)} must be ${instead} for serve ${part}: SQLite files belong to one process.`;
}
