import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';

/** Flips one bit of a byte. */
export function flipBit(path: string, offset: number, bit = 0): void {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, offset);
  byte.writeUInt8(byte.readUInt8() ^ (1 << bit));
  writeSync(file, byte, 0, 1, offset);
  closeSync(file);
}

/** So many offsets, spread over a file, never at the same place of two pages. */
export function offsetsIn(path: string, count: number): readonly number[] {
  const { size } = statSync(path);
  return Array.from({ length: count }, (_, i) =>
    Math.min(size - 1, Math.floor(((i + 0.37) * size) / count) + i * 7),
  );
}
