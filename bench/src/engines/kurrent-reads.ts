import { randomUUID } from 'node:crypto';
import { streamNameFilter } from '@kurrent/kurrentdb-client';
import type { EventStore } from '@openbank/eventsourcing';
import { created, deposited, recordLog } from '../recorded-log.ts';
import { CLIENT, contender, ENGINE } from './compared.ts';
import type { KurrentSides } from './kurrent-appends.ts';
import { type Spent, spentOn } from './spent.ts';

/** Events of the stream that is loaded. */
const LONG = 1_000;
/** Loads of it that are measured together. */
const LOADS = 10;
const ACCOUNTS = 500;
const PREFIX = 'bank-account-';

export const READ_ALL = 'reading all of a log';
export const LOAD = `loads of a stream of ${LONG.toLocaleString('en')} events`;

/** Records a log of so many events, one stream of it long, and answers what reads it, by the engine and by the client. */
export async function readContenders({ store, client }: KurrentSides, events: number) {
  await recordLog(store, events, ACCOUNTS);
  const stream = await longStream(store);
  const filter = streamNameFilter({ prefixes: [PREFIX] });
  const log = events + LONG;
  return {
    [contender(CLIENT, READ_ALL)]: () => read(log, 1, () => count(client.readAll({ filter }))),
    [contender(ENGINE, READ_ALL)]: () =>
      read(log, 1, () => countPages(store.readAll({ prefixes: [PREFIX] }))),
    [contender(CLIENT, LOAD)]: () => read(LONG, LOADS, () => count(client.readStream(stream))),
    [contender(ENGINE, LOAD)]: () => read(LONG, LOADS, () => countPages(store.readStream(stream))),
  };
}

async function longStream(store: EventStore): Promise<string> {
  const id = randomUUID().replaceAll('-', '');
  const stream = `${PREFIX}${id}`;
  const events = Array.from({ length: LONG }, (_, at) => (at === 0 ? created() : deposited(id, at)));
  await store.append({ streams: [{ stream, expected: 'no-stream', events }], claims: [] });
  return stream;
}

/** What it takes for each event, when it is done so often. On a server that others use, a log holds more than was recorded. */
async function read(recorded: number, times: number, once: () => Promise<number>): Promise<Spent> {
  const events = await once();
  if (events < recorded) throw new Error(`Of ${recorded} events ${events} were read.`);
  return spentOn(events * times, async () => {
    for (let time = 0; time < times; time++) await once();
  });
}

async function count(events: AsyncIterable<unknown>): Promise<number> {
  let found = 0;
  for await (const _ of events) found++;
  return found;
}

async function countPages(
  pages: AsyncIterable<readonly unknown[] | { readonly events: readonly unknown[] }>,
): Promise<number> {
  let found = 0;
  for await (const page of pages) found += 'events' in page ? page.events.length : page.length;
  return found;
}
