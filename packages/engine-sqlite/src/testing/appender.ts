import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { EventSourcingError } from '@openbank/eventsourcing';
import { openSqliteEventStore, type SqliteEventStore } from '../log/sqlite-event-store.ts';
import { type Committer, createCommitter, createStamps } from './commits.ts';

// A small program that tests start, trace, starve and kill. It says what it knows in lines, each with one system call:
//   open | open-failed {code} {message} | ok {event id} {position} | no {code} {event id} | state {kind} | read {events}
//   | closed

const [directory = '', clients = '1', appends = 'Infinity'] = process.argv.slice(2);

function say(...words: readonly unknown[]): void {
  for (;;) {
    try {
      writeSync(1, `${words.join(' ')}\n`);
      return;
    } catch (error) {
      // The pipe is full until the test has read it.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error;
    }
  }
}

async function appendAll(store: SqliteEventStore): Promise<void> {
  const stamp = createStamps(store.lastRecordedAt);
  const client = async () => {
    let committer = createCommitter(`stream-${randomUUID()}`, stamp);
    for (let i = 0; i < Number(appends); i++) {
      const answer = await appendOne(store, committer);
      if (answer === 'storage-full') committer = createCommitter(`stream-${randomUUID()}`, stamp);
      else if (answer !== 'ok') return;
    }
  };
  await Promise.all(Array.from({ length: Number(clients) }, client));
}

/** Answers `ok` or the code of the refusal, after which the stream is not where the next one expects it. */
async function appendOne(store: SqliteEventStore, committer: Committer): Promise<string> {
  const commit = committer.next();
  const id = commit.streams[0]?.events[0]?.id;
  try {
    const { position } = await store.append(commit);
    say('ok', id, position);
    return 'ok';
  } catch (error) {
    const code = error instanceof EventSourcingError ? error.code : String(error);
    say('no', code, id);
    return code;
  }
}

async function count(store: SqliteEventStore): Promise<number> {
  let events = 0;
  for await (const page of store.readAll()) events += page.events.length;
  return events;
}

async function run(): Promise<void> {
  const store = await openSqliteEventStore({ directory });
  say('open');
  await appendAll(store);
  say('state', store.state.kind);
  say('read', await count(store));
  await store.close();
  say('closed');
}

run().catch((error: unknown) => {
  say('open-failed', error instanceof EventSourcingError ? error.code : '', error);
});
