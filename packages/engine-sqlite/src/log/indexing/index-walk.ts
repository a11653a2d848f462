import type { DatabaseSync } from 'node:sqlite';
import { allRowsOf, count, prepare } from '../../sqlite/columns.ts';

/** Goes over a whole table of an index: the next page of it at each call, an empty one at the end. */
export type Walk<Row> = () => readonly Row[];

export type WalkedEntry = readonly [stream: number, revision: number, position: number, run: number];
export type WalkedClaim = readonly [hash: number, position: number, run: number];

const ENTRIES = `SELECT stream, revision, position, run FROM entries WHERE (run, stream, revision) > (?, ?, ?)
  ORDER BY run, stream, revision LIMIT 20000`;
const CLAIMS = `SELECT hash, position, run FROM claims WHERE (run, hash, position) > (?, ?, ?)
  ORDER BY run, hash, position LIMIT 20000`;

export function walkEntries(index: DatabaseSync): Walk<WalkedEntry> {
  const after = prepare(index, ENTRIES);
  let last: WalkedEntry = [-1, -1, -1, -1];
  return () => {
    const [stream, revision, , run] = last;
    const page = allRowsOf(after, run, stream, revision).map(
      (row): WalkedEntry => [count(row[0]), count(row[1]), count(row[2]), count(row[3])],
    );
    last = page.at(-1) ?? last;
    return page;
  };
}

export function walkClaims(index: DatabaseSync): Walk<WalkedClaim> {
  const after = prepare(index, CLAIMS);
  let last: WalkedClaim = [-1, -1, -1];
  return () => {
    const [hash, position, run] = last;
    const page = allRowsOf(after, run, hash, position).map(
      (row): WalkedClaim => [count(row[0]), count(row[1]), count(row[2])],
    );
    last = page.at(-1) ?? last;
    return page;
  };
}
