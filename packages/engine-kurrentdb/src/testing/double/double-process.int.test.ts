import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { KurrentDBClient } from '@kurrent/kurrentdb-client';
import { expect, test } from 'vitest';
import { event } from './conformance/questions.ts';

test('the test double runs as a process of its own, and ends when it is told to', async () => {
  const file = fileURLToPath(new URL('../double-process.ts', import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  const { connectionString } = JSON.parse(line);
  const client = KurrentDBClient.connectionString(connectionString);
  expect(await client.appendToStream('shelf', event(0))).toMatchObject({ nextExpectedRevision: 0n });
  await client.dispose();
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
