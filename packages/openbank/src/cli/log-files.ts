import { closeSync, existsSync, fstatSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes from which a log is put aside at the next start. */
const ROTATE_AT = 10 * 1024 * 1024;
/** Logs put aside that are kept, `.1` the youngest. */
const KEPT = 3;
const CHUNK = 64 * 1024;

/** Puts a large log aside before a new bank writes to it. */
export function rotateLog(path: string): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) < ROTATE_AT) return;
  for (let number = KEPT - 1; number >= 1; number--) {
    if (existsSync(`${path}.${number}`)) renameSync(`${path}.${number}`, `${path}.${number + 1}`);
  }
  renameSync(path, `${path}.1`);
}

/**
 * The last lines of a file, in bounded memory; nothing where there is no file.
 *
 * @param from - bytes at the beginning that are left out
 */
export function lastLines(path: string, count: number, from = 0): string {
  if (count <= 0 || !existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    return readLastLines(file, from, fstatSync(file).size, count);
  } finally {
    closeSync(file);
  }
}

function readLastLines(file: number, from: number, size: number, count: number): string {
  let start = size;
  let tail = Buffer.alloc(0);
  while (start > from && newlines(tail) <= count) {
    const length = Math.min(CHUNK, start - from);
    start -= length;
    tail = Buffer.concat([readAt(file, start, length), tail]);
  }
  return tail.toString('utf8').replace(/\n$/, '').split('\n').slice(-count).join('\n');
}

function newlines(bytes: Buffer): number {
  let found = 0;
  for (const byte of bytes) if (byte === 10) found++;
  return found;
}

function readAt(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, position));
}

/**
 * What is written to a file from now on, until the signal. Goes on with the new file when the old one is renamed or cut,
 * after the rest of the old one.
 */
export async function* followFile(
  path: string,
  signal: AbortSignal,
  intervalMs = 200,
): AsyncGenerator<string, void, undefined> {
  let file = openIfThere(path);
  let position = file === undefined ? 0 : fstatSync(file).size;
  try {
    while (!signal.aborted) {
      for (let bytes = next(); bytes.length > 0; bytes = next()) yield bytes.toString('utf8');
      if (isAnother(path, file)) {
        if (file !== undefined) closeSync(file);
        file = openIfThere(path);
        position = 0;
      } else await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    if (file !== undefined) closeSync(file);
  }

  /** Up to the last whole line that is there, in bounded memory as long as lines are shorter than a chunk. */
  function next(): Buffer {
    if (file === undefined) return Buffer.alloc(0);
    const { size } = fstatSync(file);
    if (size < position) position = 0;
    const whole = wholeLines(file, position, size);
    position += whole.length;
    return whole;
  }
}

/** A chunk of a file, cut at its last line feed; more than a chunk where a line is longer. */
function wholeLines(file: number, position: number, size: number): Buffer {
  const left = size - position;
  for (let length = Math.min(CHUNK, left); ; length = Math.min(2 * length, left)) {
    const bytes = readAt(file, position, length);
    const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
    if (whole.length > 0 || length >= left) return whole;
  }
}

function openIfThere(path: string): number | undefined {
  return existsSync(path) ? openSync(path, 'r') : undefined;
}

/** Whether the path names another file than the open one. */
function isAnother(path: string, file: number | undefined): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  if (there === undefined) return false;
  return file === undefined || fstatSync(file).ino !== there.ino;
}
