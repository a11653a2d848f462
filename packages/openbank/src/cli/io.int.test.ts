import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { logFile } from '../data-directory.ts';
import { type ProgramDirectory, programDirectory } from '../testing/program-directory.ts';
import { runCliUnread } from '../testing/run-cli.ts';

let directory: ProgramDirectory;
beforeEach(() => {
  directory = programDirectory();
});
afterEach(() => directory.remove());

it('says nothing of it where nobody reads on, as in `openbank status | head -1`', async () => {
  expect(await runCliUnread(['status', '--data', directory.data])).toEqual({ code: 3, err: '' });
  expect(await runCliUnread(['--help'])).toEqual({ code: 0, err: '' });
});

it('follows the log no longer than somebody reads it', async () => {
  const log = logFile(directory.data);
  mkdirSync(dirname(log), { recursive: true });
  writeFileSync(log, '{"msg":"serving"}\n');
  expect(await runCliUnread(['logs', '-f', '--data', directory.data])).toEqual({ code: 0, err: '' });
});
