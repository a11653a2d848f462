import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** The last row of the log, as it was when its group had become durable. */
export interface Head {
  readonly position: number;
  readonly link: string;
}

export const HEAD_FILE = 'head';

const LINE = /^(\d{16}) ([0-9a-f]{64}) ([0-9a-f]{8})\n$/;

/**
 * A small file that remembers the end of the log, so that a log which has lost its end is not mistaken for a shorter
 * one: SQLite takes a damaged write-ahead log for its end, silently. It is written after each group's sync and never
 * synced itself, so it may be absent, torn or behind; only ahead is evidence.
 */
export interface HeadFile {
  write(head: Head): void;
  close(): void;
}

export function openHeadFile(path: string): HeadFile {
  // Not truncated: the line always has the same length, and writing over it needs no room on a full disk.
  const file = openSync(path, 'r+');
  return {
    write: (head) => {
      writeSync(file, toLine(head), 0, 'utf8');
    },
    close: () => closeSync(file),
  };
}

/** The head that the file remembers; undefined where there is none, or it is torn. */
export function readHeadFile(path: string): Head | undefined {
  const [line, position = '', link = '', crc] = LINE.exec(readFileSync(path, 'utf8')) ?? [];
  const head = { position: Number(position), link };
  return line !== undefined && crc === crcOf(head) ? head : undefined;
}

function toLine(head: Head): string {
  return `${bodyOf(head)} ${crcOf(head)}\n`;
}

function crcOf(head: Head): string {
  return crc32(bodyOf(head)).toString(16).padStart(8, '0');
}

function bodyOf({ position, link }: Head): string {
  return `${String(position).padStart(16, '0')} ${link}`;
}
