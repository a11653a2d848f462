import { randomUUID } from 'node:crypto';
import type { Refusal } from './commit.ts';
import { type Data, isTombstoned, setTruncation, streamToWrite } from './data.ts';
import { NO_STREAM } from './expected-revision.ts';
import { DELETED, lastRevision } from './stream-state.ts';

/** What became of a deletion. */
export type DeleteResult = { readonly kind: 'committed'; readonly position: bigint } | Refusal;

/** A soft delete: the events leave the stream's readers, revisions go on. */
export const softDelete = (data: Data, name: string, expected: bigint): DeleteResult => {
  const refused = refuseDelete(data, name, expected);
  if (refused !== undefined) return refused;
  if (!data.streams.has(name)) return { kind: 'conflict', stream: name, expected, actual: -1n };
  return { kind: 'committed', position: setTruncation(data, name, DELETED).position };
};

const refuseDelete = (data: Data, name: string, expected: bigint): Refusal | undefined => {
  const stream = data.streams.get(name);
  if (isTombstoned(data, name)) return { kind: 'deleted', stream: name };
  const actual = lastRevision(stream);
  // Any revision, and a stream that exists, are not looked at here.
  const isChecked = expected >= 0n || expected === NO_STREAM;
  return isChecked && expected !== actual ? { kind: 'conflict', stream: name, expected, actual } : undefined;
};

/** For ever: the stream takes no more events. */
export const tombstone = (data: Data, name: string, expected: bigint): DeleteResult => {
  const refused = refuseDelete(data, name, expected);
  if (refused !== undefined) return refused;
  streamToWrite(data, name).tombstoned = true;
  const record = data.log.add({
    stream: name,
    revision: DELETED,
    id: randomUUID(),
    type: '$streamDeleted',
    isJson: false,
    data: new Uint8Array(),
    metadata: new Uint8Array(),
  });
  return { kind: 'committed', position: record.position };
};
