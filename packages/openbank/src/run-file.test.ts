import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { processStart } from './process-start.ts';
import { RUN_FILE, removeRunFile, runningBank, writeRunFile } from './run-file.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'openbank-run-'));
});
afterEach(() => rmSync(data, { recursive: true }));

function forge(change: object): void {
  const path = join(data, RUN_FILE);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
}

it('tells of the bank that runs until it says that it has ended', () => {
  expect(runningBank(data)).toBeUndefined();
  writeRunFile(data, 'http://127.0.0.1:8899');
  expect(runningBank(data)).toMatchObject({ pid: process.pid, address: 'http://127.0.0.1:8899' });
  removeRunFile(data);
  expect(runningBank(data)).toBeUndefined();
});

it('is for its owner alone, whatever a killed bank has left', () => {
  writeFileSync(join(data, `${RUN_FILE}.new`), '', { mode: 0o644 });
  writeRunFile(data, 'http://127.0.0.1:8899', { host: '0.0.0.0', needsToken: true });
  expect(statSync(join(data, RUN_FILE)).mode & 0o777).toBe(0o600);
  expect(runningBank(data)?.access).toEqual({ host: '0.0.0.0', needsToken: true });
});

it('knows nothing of a process that took the id of one that was killed', () => {
  writeRunFile(data, 'http://127.0.0.1:8899');
  forge({ processStart: 'another boot/1' });
  expect(runningBank(data)).toBeUndefined();
});

it('knows nothing of a process that has ended', async () => {
  writeRunFile(data, 'http://127.0.0.1:8899');
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  const pid = child.pid ?? 0;
  forge({ pid, processStart: processStart(pid) });
  expect(runningBank(data)).toMatchObject({ pid });
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(runningBank(data)).toBeUndefined();
});

it.each([
  '',
  '{',
  '[]',
  '{"pid":"1"}',
  '{"pid":-1,"processStart":"","address":"","startedAt":""}',
  '{"pid":1,"processStart":"","address":"","startedAt":"","access":1}',
])('takes the damaged run file %j for none', (text) => {
  writeFileSync(join(data, RUN_FILE), text);
  expect(runningBank(data)).toBeUndefined();
});

it('leaves the run file of another bank alone', () => {
  writeRunFile(data, 'http://127.0.0.1:8899');
  forge({ pid: process.ppid, processStart: processStart(process.ppid) });
  removeRunFile(data);
  expect(runningBank(data)).toMatchObject({ pid: process.ppid });
});
