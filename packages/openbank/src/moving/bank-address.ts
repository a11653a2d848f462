import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import { holdsPassword, parseEventStore, parseReadStore, withoutPassword } from '../store-address.ts';

/** Where a bank is kept: a data directory, and servers in its place where they are named. */
export type BankAddress = Pick<Config, 'data' | 'eventStore' | 'readStore'>;

const IN_FILES = { engine: 'sqlite', text: 'sqlite' } as const;
const SERVERS = /^(?:kurrentdb|esdb|kdb)(?:\+discover)?:\/\//;

/** A bank that is all in one directory. */
export function filesIn(data: string): BankAddress {
  return { data: resolve(data), eventStore: IN_FILES, readStore: IN_FILES };
}

/**
 * A bank as one text: its data directory, or the connection string of KurrentDB, a comma, and that of MongoDB, or in its
 * place the directory that holds read models and keys.
 *
 * @throws Error - what to give instead
 */
export function parseBankAddress(text: string): BankAddress {
  if (text === '' || text.includes('\0')) throw new Error('give the path of a data directory');
  if (!SERVERS.test(text)) {
    if (/^[\w+]+:\/\//.test(text)) throw new Error(FORM);
    return filesIn(text);
  }
  const comma = text.search(/,mongodb(?:\+srv)?:\/\//);
  const at = comma < 0 ? text.lastIndexOf(',') : comma;
  const [events, rest] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 0 || rest === '' || /^[^/.]*:\d+/.test(rest)) throw new Error(FORM);
  const eventStore = parseEventStore(events);
  if (comma < 0) return { data: resolve(rest), eventStore, readStore: IN_FILES };
  return { data: resolve('.'), eventStore, readStore: parseReadStore(rest) };
}

const FORM =
  'give a data directory, or both servers with a comma between them: kurrentdb://localhost:2113?tls=false,mongodb://localhost:27017/openbank?replicaSet=rs0';

/** Whether a process list must not show it. */
export function holdsSecret({ eventStore, readStore }: BankAddress): boolean {
  return holdsPassword(eventStore.text) || holdsPassword(readStore.text);
}

/** For people, without passwords. */
export function nameOfBank({ data, eventStore, readStore }: BankAddress): string {
  if (eventStore.engine === 'sqlite' && readStore.engine === 'sqlite') return data;
  return [eventStore, readStore]
    .map(({ engine, text }) => (engine === 'sqlite' ? data : withoutPassword(text)))
    .join(' and ');
}

/** Whether two of them would meet in one store. */
export function isSameBank(one: BankAddress, other: BankAddress): boolean {
  const [mine, theirs] = [placeOfEvents(one), placeOfEvents(other)];
  return mine === theirs;
}

function placeOfEvents({ data, eventStore }: BankAddress): string {
  return eventStore.engine === 'sqlite' ? data : eventStore.text;
}
