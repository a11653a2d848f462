import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  exportLines,
  exportLog,
  type Imported,
  importedItems,
  importLog,
  type MovedCounts,
} from '@openbank/eventsourcing';
import type { BankAddress } from './bank-address.ts';
import { openSource, openTarget } from './open-sides.ts';

type Say = (text: string) => void;

/**
 * Writes a bank as newline-delimited JSON, in bounded memory; it may be running.
 *
 * @param write - resolved once more may come
 * @throws EventSourcingError - it cannot be read, or is damaged
 */
export async function exportBank(
  from: BankAddress,
  write: (text: string) => Promise<void>,
  say: Say,
): Promise<MovedCounts> {
  await using opened = new AsyncDisposableStack();
  const source = await openSource(from, opened);
  let moved: MovedCounts = { events: 0, commits: 0, claims: 0, keys: 0 };
  const onProgress = (counts: MovedCounts, total: number): void => {
    moved = counts;
    say(progressOf(counts, total));
  };
  for await (const text of exportLines(exportLog(source, { onProgress }))) await write(text);
  return moved;
}

/**
 * As `exportBank`, to a file that its owner alone can read. It is there as a whole or not at all; two exports at once to
 * one file do not meet.
 */
export async function exportToFile(from: BankAddress, file: string, say: Say): Promise<MovedCounts> {
  const unfinished = `${file}.${randomUUID()}.unfinished`;
  const handle = await open(unfinished, 'wx', 0o600);
  try {
    await using _closing = { [Symbol.asyncDispose]: () => handle.close() };
    // And not `write`: where the disk becomes full, that writes a part and says nothing.
    const moved = await exportBank(from, (text) => handle.writeFile(text), say);
    await handle.sync();
    await rename(unfinished, file);
    await syncFolder(dirname(file));
    return moved;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/**
 * Takes an export into an empty bank, or goes on where an earlier import of it was interrupted.
 *
 * @throws EventSourcingError - see `importLog`
 */
export async function importBank(
  bytes: AsyncIterable<Uint8Array>,
  to: BankAddress,
  onProgress: (counts: MovedCounts) => void,
): Promise<Imported> {
  await using opened = new AsyncDisposableStack();
  const target = await openTarget(to, opened);
  return await importLog(importedItems(bytes), target, { onProgress });
}

/** As `importBank`, from a file. */
export async function importFromFile(file: string, to: BankAddress, say: Say): Promise<Imported> {
  const { size } = await stat(file);
  const bytes = createReadStream(file, { highWaterMark: 256 * 1024 });
  try {
    return await importBank(bytes, to, ({ events }) => {
      const share = Math.floor((bytes.bytesRead * 100) / Math.max(1, size));
      say(`${events.toLocaleString('en')} events, ${share} % of the file`);
    });
  } finally {
    bytes.destroy();
  }
}

/**
 * Copies a bank to an empty one, or goes on where an earlier copy of it was interrupted, at whatever moment that was. The
 * source may be running: what it has by now is copied.
 *
 * @throws EventSourcingError - see `exportLog` and `importLog`
 */
export async function copyBank(from: BankAddress, to: BankAddress, say: Say): Promise<Imported> {
  await using opened = new AsyncDisposableStack();
  const source = await openSource(from, opened);
  const target = await openTarget(to, opened);
  let total = 0;
  const items = exportLog(source, {
    onProgress(_, events) {
      total = events;
    },
  });
  const onProgress = (counts: MovedCounts): void => say(progressOf(counts, total));
  return await importLog(items, target, { onProgress, placeOf: (item) => `record ${item} of the source` });
}

function progressOf({ events, keys }: MovedCounts, total: number): string {
  if (keys > 0) return `${keys.toLocaleString('en')} keys`;
  const share = total === 0 ? 100 : Math.min(100, Math.floor((events * 100) / total));
  return `${events.toLocaleString('en')} of ${total.toLocaleString('en')} events, ${share} %`;
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
