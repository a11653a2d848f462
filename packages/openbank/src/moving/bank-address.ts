import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Config } from '../config.ts';
import {
  holdsPassword,
  IN_FILES,
  isAllInFiles,
  namesKurrentDb,
  parseEventStore,
  parseReadStore,
  withoutPassword,
} from '../store-address.ts';

/** Where a bank is kept: a data directory, and servers in its place where they are named. */
export type BankAddress = Pick<Config, 'data' | 'eventStore' | 'readStore'>;

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
  if (!namesKurrentDb(text)) {
    if (/:\/\/|^\s*(?:kurrentdb|esdb|kdb|mongodb)\b.*:/.test(text)) throw new Error(FORM);
    return filesIn(text);
  }
  const [, events = '', rest = ''] = BOTH.exec(text) ?? [];
  if (rest === '') throw new Error(FORM);
  const eventStore = parseEventStore(events);
  if (!rest.startsWith('mongodb')) return { data: resolve(rest), eventStore, readStore: IN_FILES };
  return { data: resolve('.'), eventStore, readStore: parseReadStore(rest) };
}

/** What begins otherwise after a comma is one more host. */
const BOTH = /^(.*?),(mongodb(?:\+srv)?:\/\/.*|\.{0,2}\/.*|\.[^/]*)$/s;

const FORM =
  'give a data directory, or both servers with a comma between them: kurrentdb://localhost:2113?tls=false,mongodb://localhost:27017/openbank?replicaSet=rs0; a directory in the place of MongoDB begins with / or ./';

/** Whether a process list must not show it. */
export function holdsSecret({ eventStore, readStore }: BankAddress): boolean {
  return holdsPassword(eventStore.text) || holdsPassword(readStore.text);
}

/** For people, without passwords. */
export function nameOfBank(bank: BankAddress): string {
  const { data, eventStore, readStore } = bank;
  if (isAllInFiles(bank)) return data;
  return [eventStore, readStore]
    .map(({ engine, text }) => (engine === 'sqlite' ? data : withoutPassword(text)))
    .join(' and ');
}

/** Whether two of them would meet in one store, as far as their names tell. */
export function isSameBank(one: BankAddress, other: BankAddress): boolean {
  return !placesOfEvents(one).isDisjointFrom(placesOfEvents(other));
}

/** The directory, or the nodes of the server: each of them has the same log. */
function placesOfEvents({ data, eventStore }: BankAddress): ReadonlySet<string> {
  if (eventStore.engine === 'sqlite') return new Set([existsSync(data) ? realpathSync(data) : data]);
  const [, hosts = ''] = /:\/\/(?:.*@)?([^/?]*)/s.exec(eventStore.text) ?? [];
  const nodes = hosts.toLowerCase().split(',');
  return new Set(nodes.map((node) => (node.includes(':') ? node : `${node}:2113`)));
}
