import type { Socket } from 'node:net';
import type { Responder } from '../respond.ts';
import { createFrames } from './frames.ts';
import { decodeRequest, encodeAnswer, type Request } from './message.ts';

/** Milliseconds after which a command that a transaction held up is tried again. */
const RETRY_AFTER = 5;

/** Answers the requests of one connection, one after the other. */
export function serveConnection(socket: Socket, responder: Responder): void {
  const address = `${socket.localAddress}:${socket.localPort}`;
  const frames = createFrames();
  const waiting: Request[] = [];
  let busy = false;

  function next(): void {
    busy = false;
    const request = waiting.shift();
    if (request === undefined || socket.destroyed) return;
    busy = true;
    attempt(request);
  }

  function attempt(request: Request): void {
    if (socket.destroyed) return;
    const outcome = responder.respond(request.command, address);
    switch (outcome.kind) {
      case 'answer':
        if (outcome.delay > 0) setTimeout(() => send(request, outcome.answer), outcome.delay);
        else send(request, outcome.answer);
        return;
      case 'blocked':
        setTimeout(() => attempt(request), RETRY_AFTER);
        return;
      case 'cut':
        socket.destroy();
        return;
      case 'silence':
        return;
      default: {
        const never: never = outcome;
        throw new Error(`unreachable: ${String(never)}`);
      }
    }
  }

  function send(request: Request, answer: Readonly<Record<string, unknown>>): void {
    if (!socket.destroyed && request.wantsAnswer) socket.write(encodeAnswer(request, answer));
    next();
  }

  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    try {
      waiting.push(...frames.push(chunk).map(decodeRequest));
    } catch {
      // Not the protocol: as a server does, cut the connection.
      socket.destroy();
      return;
    }
    if (!busy) next();
  });
}
