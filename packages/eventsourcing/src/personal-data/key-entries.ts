import { EventSourcingError } from '../errors.ts';
import type { KeyEntry } from './key-store.ts';

/**
 * Whether an entry of another store is to be written over what is kept under its name: a new one is, and so is the marker
 * of a destroyed key.
 *
 * @param kept - undefined where nothing is
 * @throws EventSourcingError `keys-differ` - another key or secret is kept under this name
 */
export function isToBeKept(
  { kind, name, wrapped }: KeyEntry,
  kept: KeyEntry['wrapped'] | undefined,
): boolean {
  if (kept === undefined) return true;
  if (kept === 'destroyed') return false;
  if (wrapped === 'destroyed') return true;
  if (Buffer.compare(kept, wrapped) === 0) return false;
  throw new EventSourcingError(
    'keys-differ',
    `Another ${kind} of ${name} is kept here: these are the keys of another log. Use an empty key store.`,
  );
}
