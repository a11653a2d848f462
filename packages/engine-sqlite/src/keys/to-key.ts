import { EventSourcingError } from '@openbank/eventsourcing';
import type { Columns } from '../sqlite/columns.ts';

/** A key, or the mark of a destroyed one, from its column. */
export function toKey(row: Columns | undefined): Uint8Array | 'destroyed' | undefined {
  if (row === undefined) return undefined;
  const [wrapped] = row;
  if (wrapped === null) return 'destroyed';
  if (wrapped instanceof Uint8Array) return wrapped;
  throw new EventSourcingError(
    'store-damaged',
    'keys.db holds a key that is no bytes: restore it from a backup.',
  );
}
