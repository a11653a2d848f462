import { type Claim, EventSourcingError, type ExpectedRevision } from '@openbank/eventsourcing';
import type { IndexReader } from '../indexing/index-reader.ts';
import { claimsOf, type LogRow } from '../log-row.ts';
import type { LogReader } from './log-reader.ts';
import type { Tail } from './tail.ts';

/** What the parts of a look-up are asked for; the tail first, since it is the younger. */
export interface Places {
  readonly tail: Pick<Tail, 'stream'>;
  readonly index: IndexReader;
  readonly log: LogReader;
}

export interface ClaimPlaces extends Places {
  readonly tail: Tail;
}

export function revisionOf({ tail, index }: Places, stream: string): ExpectedRevision {
  const young = tail.stream(stream);
  if (young !== undefined) return young.first + young.positions.length - 1;
  return index.lastRevision(stream) ?? 'no-stream';
}

/** The row of an event; undefined where the stream does not reach so far. */
export function rowOfEvent(
  { tail, index, log }: Places,
  stream: string,
  revision: number,
): LogRow | undefined {
  const young = tail.stream(stream);
  const position =
    young !== undefined && revision >= young.first
      ? young.positions[revision - young.first]
      : index.position(stream, revision);
  return position === undefined ? undefined : checkedRow(log.row(position), stream, revision);
}

/** The claim as its owner took it, from the first row of that commit. */
export function claimNamed({ tail, index, log }: ClaimPlaces, name: string): Claim | undefined {
  const young = tail.claim(name);
  for (const position of young === undefined ? index.claimants(name) : [young]) {
    const claim = claimsOf(log.row(position)).find((candidate) => candidate.name === name);
    if (claim !== undefined) return claim;
  }
  return undefined;
}

/** @throws EventSourcingError `store-damaged` - the index has led to another event than it was asked for */
export function checkedRow(row: LogRow, stream: string, revision: number): LogRow {
  if (row.stream === stream && row.revision === revision) return row;
  throw new EventSourcingError(
    'store-damaged',
    `index.db leads to position ${row.position} for ${stream} at revision ${revision}, where ${row.stream} at ${row.revision} is: stop, delete index.db and start, and it is made again.`,
  );
}
