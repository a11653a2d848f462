import { randomUUID } from 'node:crypto';
import { existsSync, writeSync } from 'node:fs';
import { openSqliteEventStore, type SqliteEventStore } from '../log/sqlite-event-store.ts';
import { createCommitter, createStamps } from './commits.ts';

// A small program that tests start, trace, starve and kill. It says what it knows in lines, each with one system call:
//   open | open-failed {code} {message} | ok {event id} {position} | no {code} {event id} | state {kind} | read {events}
//   | closed

const [directory = '', clients = '1', appends = 'Infinity', pauseUntil = ''] = process.argv.slice(2);

function say(...words: readonly unknown[]): void {
  writeSync(1, `${words.join(' ')}\n`);
}

async function appendAll(store: SqliteEventStore): Promise<void> {
  const stamp = createStamps(store.lastRecordedAt);
  const client = async () => {
    const committer = createCommitter(`stream-${randomUUID()}`, stamp);
    for (let i = 0; i < Number(appends); i++) {
      if (!(await appendOne(store, committer))) return;
    }
  };
  await Promise.all(Array.from({ length: Number(clients) }, client));
}

/** Answers whether the next one makes sense: after a refusal the stream is not where the next one expects it. */
async function appendOne(
  store: SqliteEventStore,
  committer: ReturnType<typeof createCommitter>,
): Promise<boolean> {
  const commit = committer.next();
  const id = commit.streams[0]?.events[0]?.id;
  try {
    const { position } = await store.append(commit);
    say('ok', id, position);
    return true;
  } catch (error) {
    say('no', error instanceof Error && 'code' in error ? error.code : error, id);
    return false;
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
  if (pauseUntil !== '') {
    while (!existsSync(pauseUntil)) await new Promise((resolve) => setTimeout(resolve, 20));
    await appendAll(store);
  }
  say('state', store.state.kind);
  say('read', await count(store));
  await store.close();
  say('closed');
}

run().catch((error: unknown) => {
  say('open-failed', error instanceof Error && 'code' in error ? error.code : '', error);
});
