import { takeLock } from './lock.ts';

/**
 * Does something while nobody can open the log of this directory, such as removing it.
 *
 * @throws EventSourcingError `store-locked` - somebody has it open
 */
export async function withDirectoryLocked<Result>(
  directory: string,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  const lock = takeLock(directory);
  try {
    return await work();
  } finally {
    lock.release();
  }
}
