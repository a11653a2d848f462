import { randomBytes } from 'node:crypto';
import type { RecordedEvent } from '../event.ts';
import type { Claim, EventStore } from '../event-store/event-store.ts';
import { createMemoryEventStore } from '../event-store/memory-event-store.ts';
import type { ImportTarget } from '../moving/import-log.ts';
import { createMemoryKeyStore } from '../personal-data/memory-key-store.ts';
import type { RecordedCommit } from '../verification/verifiable-log.ts';
import { logOf, recordedCrates } from './verified-crates.ts';

/** A memory store whose log can be verified and moved. */
export interface MovableStore extends ImportTarget {
  readonly commits: readonly RecordedCommit[];
}

export function createMovableStore(wrap: (store: EventStore) => EventStore = (store) => store): MovableStore {
  const memory = createMemoryEventStore();
  const commits: RecordedCommit[] = [];
  const recording: EventStore = {
    ...memory,
    async append(commit) {
      const before = await memory.head();
      const appended = await memory.append(commit);
      if (appended.position === before || (before !== undefined && appended.position < before))
        return appended;
      const events: RecordedEvent[] = [];
      for await (const page of memory.readAll(before === undefined ? {} : { after: before })) {
        events.push(...page.events);
      }
      commits.push({ events, claims: commit.claims });
      return appended;
    },
  };
  return { store: wrap(recording), log: logOf(commits), keys: createMemoryKeyStore(), commits };
}

/** Crates, where each commit takes a claim that points at its events. */
export function claimedCrates(crates: readonly (readonly number[])[]): readonly RecordedCommit[] {
  return recordedCrates(crates).map((commit, at) => ({
    ...commit,
    claims: [claimOf(commit, `claim-${at}`)],
  }));
}

function claimOf({ events }: RecordedCommit, name: string): Claim {
  const streams = [...new Set(events.map(({ stream }) => stream))];
  return {
    name,
    requestHash: `of ${name}`,
    events: streams.map((stream) => {
      const revisions = events.filter((event) => event.stream === stream).map(({ revision }) => revision);
      return { stream, first: Math.min(...revisions), last: Math.max(...revisions) };
    }),
  };
}

/** Keys of two subjects, one of them destroyed, and a secret. */
export async function someKeys(): Promise<ReturnType<typeof createMemoryKeyStore>> {
  const keys = createMemoryKeyStore();
  await keys.addKey('ada', randomBytes(65));
  await keys.addKey('bob', randomBytes(65));
  await keys.destroyKey('bob');
  await keys.addSecret('request-hash', randomBytes(65));
  return keys;
}
