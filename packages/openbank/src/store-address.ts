/** Where a bank keeps something: in files of its data directory, or on servers that its connection string names. */
export interface StoreAddress<Engine extends string> {
  readonly engine: Engine | 'sqlite';
  /** `sqlite`, or the connection string, with its password. */
  readonly text: string;
}

export type EventStoreAddress = StoreAddress<'kurrentdb'>;
export type ReadStoreAddress = StoreAddress<'mongodb'>;

/** Of either store. */
export const IN_FILES = { engine: 'sqlite', text: 'sqlite' } as const;

/** Both stores of a bank. */
interface StoreAddresses {
  readonly eventStore: EventStoreAddress;
  readonly readStore: ReadStoreAddress;
}

/** Whether something of the bank is in files of its data directory. */
export function usesFiles({ eventStore, readStore }: StoreAddresses): boolean {
  return eventStore.engine === 'sqlite' || readStore.engine === 'sqlite';
}

/** Whether all of it is. */
export function isAllInFiles({ eventStore, readStore }: StoreAddresses): boolean {
  return eventStore.engine === 'sqlite' && readStore.engine === 'sqlite';
}

const KURRENTDB = /^(?:kurrentdb|esdb|kdb)(?:\+discover)?:\/\/./;

/** Whether a text begins as a connection string of KurrentDB. */
export function namesKurrentDb(text: string): boolean {
  return KURRENTDB.test(text);
}

/** @throws Error - what to give instead */
export function parseEventStore(text: string): EventStoreAddress {
  if (text === 'sqlite') return IN_FILES;
  if (namesKurrentDb(text)) return { engine: 'kurrentdb', text };
  throw new Error('give sqlite, or a connection string such as kurrentdb://localhost:2113?tls=false');
}

/** @throws Error - what to give instead */
export function parseReadStore(text: string): ReadStoreAddress {
  if (text === 'sqlite') return IN_FILES;
  if (/^mongodb(\+srv)?:\/\/./.test(text)) return { engine: 'mongodb', text };
  throw new Error(
    'give sqlite, or a connection string such as mongodb://localhost:27017/openbank?replicaSet=rs0',
  );
}

/** User and password. A password that was to be encoded and is not can hold anything, also what ends the hosts. */
const USER = /^([^/]+:\/\/)(?:[^/@]*:.*|[^/]*)@/s;
const SECRET_OPTION = /(password=|session_token:)[^&,]*/gi;

/** Whether a connection string holds a password: a process list must not show it. */
export function holdsPassword(text: string): boolean {
  return /^[^/]+:\/\/[^/@]*:.*@/s.test(text) || text.search(SECRET_OPTION) >= 0;
}

/** Why a flag that holds one is refused. @param variable - that may hold it */
export function passwordInFlag(variable: string): Error {
  return new Error(`it holds a password, which every list of processes would show: set ${variable} instead`);
}

/** A connection string as it may be logged. */
export function withoutPassword(text: string): string {
  return text.replace(USER, '$1***@').replace(SECRET_OPTION, '$1***');
}
