import { afterEach, beforeEach, expect, it } from 'vitest';
import { send } from './kill-loop/call.ts';
import { type ServerProcess, startServer } from './kill-loop/server-process.ts';
import { ALICE } from './testing/calls.ts';
import { type ProgramDirectory, programDirectory } from './testing/program-directory.ts';

let directory: ProgramDirectory;
let server: ServerProcess;
beforeEach(async () => {
  directory = programDirectory();
  server = await startServer(directory.data);
});
afterEach(async () => {
  await server.kill();
  directory.remove();
});

it('answers every write that has arrived before it ends, and ends with 0', async () => {
  const writes = Array.from({ length: 200 }, (_, number) =>
    send(server.address, { key: `person-${number}`, path: '/persons', body: ALICE }),
  );
  await writes[0];
  const stopped = server.stop();
  const outcomes = await Promise.all(writes);
  const { code, log } = await stopped;
  expect(code).toBe(0);
  expect(log).toContain('OpenBank has stopped');
  // A connection that was not accepted any more is refused; none is broken in between.
  expect(outcomes.filter(({ kind }) => kind === 'unknown')).toEqual([]);
  expect(outcomes.filter(({ kind }) => kind === 'ok').length).toBeGreaterThan(0);
});

it('ends although clients keep their connections open', async () => {
  const idle = await fetch(`${server.address}/health/live`, { keepalive: true });
  await idle.text();
  const started = Date.now();
  expect((await server.stop()).code).toBe(0);
  expect(Date.now() - started).toBeLessThan(9_000);
});
