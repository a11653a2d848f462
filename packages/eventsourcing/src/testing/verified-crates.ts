import { randomUUID } from 'node:crypto';
import { CHAIN_START, chainLink } from '../chain.ts';
import type { Position, RecordedEvent } from '../event.ts';
import { logEntry, projectedEvent } from '../projections/log-entry.ts';
import { partitionOf, UNDIVIDED } from '../projections/partitions.ts';
import type { Projection } from '../projections/projection.ts';
import type { DocumentChange, ReadModelStore } from '../projections/read-model-store.ts';
import type { AnyAggregate } from '../verification/aggregate-event.ts';
import type { RecordedCommit, VerifiableLog } from '../verification/verifiable-log.ts';
import { arrived, CRATES, type CrateEvent, left, weighed } from './crates.ts';

/** What makes crates' streams readable. */
export const CRATE: AnyAggregate = {
  type: 'Crate',
  streamPrefix: CRATES.streamPrefix,
  eventTypes: CRATES.eventTypes,
  initialState: undefined,
  evolve: () => undefined,
};

/** A history of crates as a store would have recorded it: each number is a crate, to which the next thing happens. */
export function recordedCrates(commits: readonly (readonly number[])[]): readonly RecordedCommit[] {
  const heads = new Map<string, { revision: number; link: string }>();
  let position = 0;
  return commits.map((crates) => {
    const streams = [...new Set(crates)].sort();
    const inOrder = streams.flatMap((crate) => crates.filter((each) => each === crate));
    const commitId = randomUUID();
    const events = inOrder.map((crate, index): RecordedEvent => {
      const stream = `crate-${crate}`;
      const before = heads.get(stream) ?? { revision: -1, link: CHAIN_START };
      const revision = before.revision + 1;
      const { type, data } = eventOf(crate, revision);
      position++;
      const event = {
        id: randomUUID(),
        type,
        schemaVersion: 1,
        recordedAt: 1_700_000_000_000_000 + position,
        data: JSON.stringify(data),
        metadata: { commit_id: commitId, commit_index: `${index}`, commit_size: `${inOrder.length}` },
      };
      const link = chainLink(before.link, stream, revision, event);
      heads.set(stream, { revision, link });
      return { ...event, link, stream, revision, position: String(position).padStart(16, '0') };
    });
    return { events, claims: [] };
  });
}

/** Every crate arrives, is weighed some times, leaves, and comes back; every third is only ever weighed. */
function eventOf(crate: number, revision: number): CrateEvent {
  if (crate % 3 === 0) return revision === 0 ? arrived('Ada') : weighed(BigInt(revision));
  switch (revision % 4) {
    case 0:
      return arrived(`owner ${revision}`);
    case 3:
      return left();
    default:
      return weighed(BigInt(crate * 100 + revision));
  }
}

/** @param visible - how many of the commits there are by now */
export function logOf(commits: readonly RecordedCommit[], visible = () => commits.length): VerifiableLog {
  const endOf = ({ events }: RecordedCommit): Position => events.at(-1)?.position ?? '';
  return {
    oneClock: true,
    async head() {
      const last = commits[visible() - 1];
      return last && endOf(last);
    },
    count: async (through) => Number(through),
    async *commits({ after = '', through }) {
      const wanted = commits.filter((commit) => endOf(commit) > after && endOf(commit) <= through);
      for (let at = 0; at < wanted.length; at += 3) {
        const page = wanted.slice(at, at + 3);
        yield { commits: page, position: page.at(-1)?.events.at(-1)?.position ?? through };
      }
    },
  };
}

/** Writes a read model, so many commits at a time. */
export interface Projector {
  /** Commits that are in the read model. */
  done(): number;
  advance(commits: number): Promise<void>;
}

/** A plain fold of the streams of one partition, beside the one that is tested. The model has been prepared. */
export function createProjector(
  store: ReadModelStore,
  projection: Projection,
  commits: readonly RecordedCommit[],
  partition = UNDIVIDED,
): Projector {
  const documents = new Map<string, DocumentChange>();
  let done = 0;
  let position: Position | undefined;

  function changesOf(events: readonly RecordedEvent[]): readonly DocumentChange[] {
    const changes = new Map<string, DocumentChange>();
    for (const recorded of events) {
      if (partitionOf(recorded.stream, partition.of) !== partition.index) continue;
      const event = projectedEvent(logEntry(recorded), projection);
      for (const id of projection.documentIds(event)) {
        const before = documents.get(id);
        const evolved = projection.evolve(before?.fields, event, id);
        const inLogOrder = projection.order === 'log';
        const revision = inLogOrder ? (before?.revision ?? 0) + 1 : recorded.revision;
        const fields = inLogOrder && evolved ? { ...evolved, position: recorded.position } : evolved;
        const change = { id, from: changes.get(id)?.from ?? before?.revision, revision, fields };
        changes.set(id, changes.has(id) ? { ...change, from: changes.get(id)?.from } : change);
        documents.set(id, change);
      }
    }
    return [...changes.values()];
  }

  return {
    done: () => done,
    async advance(count) {
      const events = commits.slice(done, done + count).flatMap((commit) => commit.events);
      const last = events.at(-1);
      if (last === undefined) return;
      const changes = changesOf(events);
      const epoch = await store.takeOver(projection, partition.index);
      await store.apply(projection, {
        partition: partition.index,
        after: position,
        position: last.position,
        epoch,
        changes,
      });
      position = last.position;
      done = Math.min(commits.length, done + count);
    },
  };
}
