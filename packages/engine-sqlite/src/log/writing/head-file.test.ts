import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { flipBit } from '../../testing/files.ts';
import { openHeadFile, readHeadFile } from './head-file.ts';

let root: string;
let path: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'openbank-head-'));
  path = join(root, 'head');
  writeFileSync(path, '');
});
afterEach(() => rmSync(root, { recursive: true }));

const HEAD = { position: 1234, link: 'ab'.repeat(32) };

test('it remembers the last head that was written, in one line of one length', () => {
  const file = openHeadFile(path);
  file.write({ position: 1, link: '0'.repeat(64) });
  file.write(HEAD);
  file.close();
  expect(readHeadFile(path)).toEqual(HEAD);
  expect(readFileSync(path, 'utf8')).toMatch(/^0000000000001234 (ab){32} [0-9a-f]{8}\n$/);
});

test('an empty file remembers nothing', () => {
  expect(readHeadFile(path)).toBeUndefined();
});

test('a torn file, or one with a flipped bit anywhere, remembers nothing', () => {
  const file = openHeadFile(path);
  file.write(HEAD);
  file.close();
  const whole = readFileSync(path);
  for (let offset = 0; offset < whole.length; offset++) {
    writeFileSync(path, whole.subarray(0, offset));
    expect(readHeadFile(path)).toBeUndefined();
    writeFileSync(path, whole);
    flipBit(path, offset, offset % 7);
    expect(readHeadFile(path)).toBeUndefined();
  }
});
