import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDirectoryLocked } from '@openbank/engine-sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  cleanDataDirectory,
  directorySize,
  isDataDirectory,
  logFile,
  prepareDataDirectory,
} from './data-directory.ts';

let parent: string;
let data: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'openbank-data-'));
  data = join(parent, 'bank');
});
afterEach(() => rmSync(parent, { recursive: true }));

it('is made for its owner alone, and is the same again', () => {
  prepareDataDirectory(data);
  prepareDataDirectory(data);
  expect(isDataDirectory(data)).toBe(true);
  expect(statSync(data).mode & 0o777).toBe(0o700);
});

it('is never one that holds something else', () => {
  mkdirSync(data);
  writeFileSync(join(data, 'thesis.txt'), '');
  expect(() => prepareDataDirectory(data)).toThrow(/OPENBANK_DATA/);
  expect(readdirSync(data)).toEqual(['thesis.txt']);
  writeFileSync(data.concat('.file'), '');
  expect(() => prepareDataDirectory(join(`${data}.file`, 'x'))).toThrow(/--data \(OPENBANK_DATA\)/);
});

it.each(['openbank.data.json.new', 'openbank.data.json.42.new', 'lock.db'])(
  'is made where a start or a clean that was killed has left %s, which cleaning removes',
  async (name) => {
    mkdirSync(data);
    writeFileSync(join(data, name), '');
    prepareDataDirectory(data);
    expect(isDataDirectory(data)).toBe(true);
    expect(await cleanDataDirectory(data)).toEqual([]);
    expect(existsSync(data)).toBe(false);
  },
);

it('is not made in a file, nor where nothing can be made, and says so in words', () => {
  writeFileSync(data, '');
  for (const path of [data, join(data, 'x', 'y')])
    expect(() => prepareDataDirectory(path)).toThrow(`cannot be used: ${data} is a file: name a directory.`);
  const refused = () => prepareDataDirectory('/proc/openbank/x');
  expect(refused).toThrow(/^--data \(OPENBANK_DATA\): the directory \/proc\/openbank\/x cannot be used: /);
  expect(refused).not.toThrow(/mkdir/);
});

it('is not cleaned while its log is open', async () => {
  prepareDataDirectory(data);
  writeFileSync(join(data, 'log.db'), '');
  await withDirectoryLocked(data, () => expect(cleanDataDirectory(data)).rejects.toThrow(/in use/));
  expect(readdirSync(data)).toContain('log.db');
});

it('is removed whole by cleaning when nothing else lies in it', async () => {
  prepareDataDirectory(data);
  for (const name of ['log.db', 'log.db-wal', 'index.db-shm', 'master.key'])
    writeFileSync(join(data, name), '');
  writeFileSync(logFile(data), '');
  writeFileSync(`${logFile(data)}.1`, '');
  expect(await cleanDataDirectory(data)).toEqual([]);
  expect(existsSync(data)).toBe(false);
});

it('keeps what cleaning does not know', async () => {
  prepareDataDirectory(data);
  writeFileSync(join(data, 'log.db'), '');
  writeFileSync(join(data, 'thesis.db'), '');
  writeFileSync(join(data, 'logs', 'other.log'), '');
  expect(await cleanDataDirectory(data)).toEqual(['logs', 'thesis.db']);
  expect(readdirSync(data).sort()).toEqual(['logs', 'thesis.db']);
});

it('is not cleaned when it is not ours', async () => {
  mkdirSync(data);
  writeFileSync(join(data, 'log.db'), 'of another application');
  await expect(cleanDataDirectory(data)).rejects.toThrow(/not a data directory/);
  expect(readdirSync(data)).toEqual(['log.db']);
});

it('knows its size', () => {
  prepareDataDirectory(data);
  const before = directorySize(data);
  writeFileSync(logFile(data), 'x'.repeat(1000));
  expect(directorySize(data) - before).toBe(1000);
});
