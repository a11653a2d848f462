import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { followFile, lastLines, rotateLog } from './log-files.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openbank-log-'));
  path = join(folder, 'openbank.log');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('gives the last lines of a file of any size', () => {
  expect(lastLines(path, 5)).toBe('');
  writeFileSync(path, '');
  expect(lastLines(path, 5)).toBe('');
  writeFileSync(path, 'a\nb\nc');
  expect(lastLines(path, 2)).toBe('b\nc');
  expect(lastLines(path, 5)).toBe('a\nb\nc');
  expect(lastLines(path, 0)).toBe('');
  const long = 'ü'.repeat(50_000);
  writeFileSync(path, `first\n${long}\n${long}\nlast\n`);
  expect(lastLines(path, 3)).toBe(`${long}\n${long}\nlast`);
});

it('gives the last lines of what was written after some bytes', () => {
  writeFileSync(path, 'a\nb\nc\nd\n');
  expect(lastLines(path, 5, 4)).toBe('c\nd');
  expect(lastLines(path, 1, 4)).toBe('d');
  expect(lastLines(path, 5, 8)).toBe('');
});

it('puts a large log aside, and keeps three', () => {
  writeFileSync(path, 'small');
  rotateLog(path);
  expect(readdirSync(folder)).toEqual(['openbank.log']);
  for (let round = 0; round < 5; round++) {
    writeFileSync(path, '');
    truncateSync(path, 11 * 1024 * 1024);
    rotateLog(path);
  }
  expect(readdirSync(folder).sort()).toEqual(['openbank.log.1', 'openbank.log.2', 'openbank.log.3']);
});

it('follows a file from its end, through renaming, cutting and being away', async () => {
  writeFileSync(path, 'old\n');
  const ending = new AbortController();
  let seen = '';
  const following = (async () => {
    for await (const text of followFile(path, ending.signal, 5)) seen += text;
  })();
  const expectNext = async (text: string): Promise<void> => {
    await expect.poll(() => seen).toBe(text);
    seen = '';
  };
  await sleep(20);
  appendFileSync(path, 'one\ntw');
  await expectNext('one\n');
  appendFileSync(path, 'o\n');
  await expectNext('two\n');
  appendFileSync(path, 'last of the old\n');
  renameSync(path, `${path}.1`);
  await expectNext('last of the old\n');
  writeFileSync(path, 'first of the new\n');
  await expectNext('first of the new\n');
  truncateSync(path, 0);
  await sleep(20);
  appendFileSync(path, 'cut\n');
  await expectNext('cut\n');
  ending.abort();
  await following;
});

it('gives whole lines and characters only, however much is written at once and however long lines are', async () => {
  writeFileSync(path, '');
  const ending = new AbortController();
  const parts: string[] = [];
  const following = (async () => {
    for await (const text of followFile(path, ending.signal, 5)) parts.push(text);
  })();
  await sleep(20);
  const written = `${`${'ü'.repeat(333)}\n`.repeat(500)}${'é'.repeat(100_000)}\n`;
  appendFileSync(path, written);
  await expect.poll(() => parts.join('')).toBe(written);
  expect(parts.length).toBeGreaterThan(3);
  for (const part of parts) expect(part.at(-1)).toBe('\n');
  ending.abort();
  await following;
});
