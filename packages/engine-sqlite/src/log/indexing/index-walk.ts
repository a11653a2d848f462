import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { allRowsOf, count, prepare } from '../../sqlite/columns.ts';

/** All entries of an index, stream, revision and position of each: the next page at each call, an empty one at the end. */
export type EntriesWalk = () => readonly (readonly [stream: number, revision: number, position: number])[];

/** All claims of an index, hash and position of each. */
export type ClaimsWalk = () => readonly (readonly [hash: number, position: number])[];

const ENTRIES = `SELECT stream, revision, position, run FROM entries WHERE (run, stream, revision) > (?, ?, ?)
  ORDER BY run, stream, revision LIMIT 20000`;
const CLAIMS = `SELECT hash, position, run FROM claims WHERE (run, hash, position) > (?, ?, ?)
  ORDER BY run, hash, position LIMIT 20000`;

export function walkEntries(index: DatabaseSync): EntriesWalk {
  const next = createWalk(prepare(index, ENTRIES), ([stream = 0, revision = 0, , run = 0]) => [
    run,
    stream,
    revision,
  ]);
  return () => next().map(([stream = 0, revision = 0, position = 0]) => [stream, revision, position]);
}

export function walkClaims(index: DatabaseSync): ClaimsWalk {
  const next = createWalk(prepare(index, CLAIMS), ([hash = 0, position = 0, run = 0]) => [
    run,
    hash,
    position,
  ]);
  return () => next().map(([hash = 0, position = 0]) => [hash, position]);
}

type Numbers = readonly number[];

/** Pages of rows, each after the last of the one before. @param keyOf - what the statement is to begin after */
function createWalk(rowsAfter: StatementSync, keyOf: (row: Numbers) => Numbers): () => readonly Numbers[] {
  let last: Numbers = [-1, -1, -1];
  return () => {
    const rows = allRowsOf(rowsAfter, ...last).map((row) => row.map(count));
    const end = rows.at(-1);
    if (end !== undefined) last = keyOf(end);
    return rows;
  };
}
