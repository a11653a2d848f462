import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { median } from './runner/median.ts';

const SYNCS = 200;

/** Median time of appending 4 KiB to a file and syncing it, milliseconds. */
export function syncTime(directory: string): number {
  const file = openSync(join(directory, 'sync'), 'a');
  const page = Buffer.alloc(4_096, 1);
  const times = Array.from({ length: SYNCS }, () => {
    const begin = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    return performance.now() - begin;
  });
  closeSync(file);
  return median(times);
}
