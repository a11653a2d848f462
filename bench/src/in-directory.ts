import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Runs with a new directory, which is gone afterwards, also where the process exits meanwhile. */
export async function inDirectory<Result>(
  parent: string,
  run: (directory: string) => Result | Promise<Result>,
): Promise<Result> {
  const directory = mkdtempSync(join(parent, 'openbank-bench-'));
  const clear = (): void => rmSync(directory, { recursive: true, force: true });
  process.once('exit', clear);
  try {
    return await run(directory);
  } finally {
    process.removeListener('exit', clear);
    clear();
  }
}
