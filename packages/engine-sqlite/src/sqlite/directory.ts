import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  statSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EventSourcingError } from '@openbank/eventsourcing';

/**
 * Makes the directory where it is missing, for its owner only.
 *
 * @throws EventSourcingError `store-unavailable` - it is no directory, or not ours to write
 */
export function prepareDirectory(directory: string): void {
  try {
    makeDirectory(resolve(directory));
    if (!statSync(directory).isDirectory()) throw new Error('it is not a directory');
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EventSourcingError(
      'store-unavailable',
      `The data directory ${directory} cannot be used (${reason}): name one that this user may write to.`,
      { cause: error },
    );
  }
}

/** Parents first, each synced into its own. (Node's recursive way never ends where `mkdir` says ENOENT, as in /proc.) */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  makeDirectory(parent);
  mkdirSync(directory, { mode: 0o700 });
  syncDirectory(parent);
}

function syncDirectory(directory: string): void {
  const handle = openSync(directory, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
