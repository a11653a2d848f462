import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIndexBatch, createStreamIds } from './index-batch.ts';
import { EMPTY_DIGEST } from './index-digest.ts';
import { createIndexReader } from './index-reader.ts';
import { CREATE_INDEX, claimHash, prepareIndexWrites } from './index-schema.ts';
import { walkClaims, walkEntries } from './index-walk.ts';

const RUN_LENGTH = 10;
const EVENTS = 35;
/** Three streams in turn, the last of them only at the beginning; each event with a claim. */
const ends = new Map<string, number>();
const rows = Array.from({ length: EVENTS }, (_, at) => {
  const stream = `stream-${at < 3 ? at : at % 2}`;
  const revision = (ends.get(stream) ?? -1) + 1;
  ends.set(stream, revision);
  return { position: at + 1, stream, revision, claims: claimOf(at), commitLast: at + 1 };
});

function claimOf(at: number): string {
  return JSON.stringify([{ name: `claim-${at}`, requestHash: '', events: [] }]);
}

describe('an index of several runs', () => {
  let database: DatabaseSync;

  beforeEach(() => {
    database = new DatabaseSync(':memory:');
    database.exec(CREATE_INDEX);
    const writes = prepareIndexWrites(database);
    const streamIds = createStreamIds();
    for (const some of [rows.slice(0, 17), rows.slice(17)]) {
      const batch = createIndexBatch(writes, streamIds, RUN_LENGTH);
      for (const row of some) batch.add(row);
      batch.write(EMPTY_DIGEST);
    }
  });

  afterEach(() => database.close());

  it('finds every event, whatever run it is in', () => {
    const index = createIndexReader(database);
    for (const { stream, revision, position } of rows)
      expect(index.position(stream, revision)).toBe(position);
    expect(index.position('stream-0', 1_000)).toBeUndefined();
    expect(index.position('stream-9', 0)).toBeUndefined();
  });

  it('knows where a stream ends that was last written to runs ago', () => {
    const index = createIndexReader(database);
    expect(index.lastRevision('stream-2')).toBe(0);
    expect(index.lastRevision('stream-0')).toBe(
      rows.findLast(({ stream }) => stream === 'stream-0')?.revision,
    );
    expect(index.lastRevision('stream-9')).toBeUndefined();
  });

  it('finds who took a claim, whatever run it is in', () => {
    const index = createIndexReader(database);
    for (let at = 0; at < EVENTS; at++) expect(index.claimants(`claim-${at}`)).toEqual([at + 1]);
    expect(index.claimants('free')).toEqual([]);
  });

  it('is walked over as a whole', () => {
    const entries = walkEntries(database)();
    expect(entries.map(([, , position]) => position).sort((a, b) => a - b)).toEqual(
      rows.map(({ position }) => position),
    );
    const claims = walkClaims(database);
    expect(new Set(claims().map(([hash]) => hash))).toEqual(
      new Set(rows.map((_, at) => claimHash(`claim-${at}`))),
    );
    expect(claims()).toEqual([]);
  });
});
