import type { Position } from '@openbank/eventsourcing';
import { malformed, type ProblemError } from './problem.ts';
import type { ReadHeaders, ReadQuery } from './schemas/headers.ts';

/** What an answer must not be older than. */
export interface MinPosition {
  readonly position: Position;
  /** What it is called in the request. */
  readonly field: string;
}

interface ReadRequest {
  readonly headers: ReadHeaders;
  readonly query: ReadQuery;
}

/**
 * From the query or the header of a read; undefined where it names none.
 *
 * @throws ProblemError 400 - both are there, and differ
 */
export function minPosition({ headers, query }: ReadRequest): MinPosition | undefined {
  const inHeader = headers['openbank-min-position'];
  const inQuery = query.min_position;
  if (inQuery !== undefined && inHeader !== undefined && inQuery !== inHeader) throw differing();
  if (inQuery !== undefined) return { position: inQuery, field: 'min_position' };
  return inHeader === undefined ? undefined : { position: inHeader, field: 'OpenBank-Min-Position' };
}

function differing(): ProblemError {
  return malformed([
    { field: 'min_position', message: 'must be the same as OpenBank-Min-Position: send one of them' },
  ]);
}
