import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Runs with a new directory, which is gone afterwards. */
export async function inDirectory(
  parent: string,
  run: (directory: string) => number | Promise<number>,
): Promise<number> {
  const directory = mkdtempSync(join(parent, 'openbank-bench-'));
  try {
    return await run(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
