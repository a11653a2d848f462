import type { DatabaseSync } from 'node:sqlite';
import type { KeyEntry } from '@openbank/eventsourcing';
import { allRowsOf, prepare, text } from '../sqlite/columns.ts';
import { toKey } from './to-key.ts';

/** Entries of one read. */
const PAGE = 1_000;

/** Pages of all keys and secrets of a file, each read by itself. */
export function* entriesOf(database: DatabaseSync): Generator<readonly KeyEntry[], void, undefined> {
  const after = prepare(
    database,
    `SELECT kind, name, wrapped FROM keys WHERE (kind, name) > (?, ?) ORDER BY kind, name LIMIT ${PAGE}`,
  );
  let [kind, name] = ['', ''];
  for (;;) {
    const page = allRowsOf(after, kind, name).map(([kind, name, wrapped]): KeyEntry => {
      const key = toKey(wrapped === undefined ? undefined : [wrapped]);
      return { kind: kind === 'secret' ? 'secret' : 'key', name: text(name), wrapped: key ?? 'destroyed' };
    });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    ({ kind, name } = last);
  }
}
