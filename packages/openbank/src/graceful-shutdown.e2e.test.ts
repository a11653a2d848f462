import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ALICE } from './testing/calls.ts';
import { type ServerProcess, startServer } from './testing/kill-loop/server-process.ts';
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

it('answers every write that has begun to arrive, ends with 0, and keeps what it answered', async () => {
  const port = Number(new URL(server.address).port);
  const body = JSON.stringify(ALICE);
  const clients = await Promise.all(Array.from({ length: 20 }, () => begin(port, body)));
  const stopped = server.stop();
  await expect.poll(() => isRefused(port), { timeout: 5_000 }).toBe(true);
  const answers = await Promise.all(
    clients.map((socket) => {
      socket.write(body.slice(-1));
      return text(socket);
    }),
  );
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 201 /);
  const { code, log } = await stopped;
  expect(code).toBe(0);
  expect(log).toContain('OpenBank has stopped');

  server = await startServer(directory.data);
  for (const answer of answers) {
    const path = /^location: (?<path>\S+)/im.exec(answer)?.groups?.path ?? '';
    expect((await fetch(`${server.address}${path}`)).status).toBe(200);
  }
});

/** Sends all of a request but its last byte. */
async function begin(port: number, body: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  const head = `POST /api/v1/persons HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
  socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body.slice(0, -1)}`);
  // An answer on another connection: the server has read what came before.
  await once(socket, 'connect');
  await fetch(`http://127.0.0.1:${port}/health/live`);
  return socket;
}

async function isRefused(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}

it('ends although clients keep their connections open', async () => {
  const idle = await fetch(`${server.address}/health/live`, { keepalive: true });
  await idle.text();
  const started = Date.now();
  expect((await server.stop()).code).toBe(0);
  expect(Date.now() - started).toBeLessThan(9_000);
});
