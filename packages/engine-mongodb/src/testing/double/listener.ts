import { createServer, type Server, type Socket } from 'node:net';

/** A port that is listened on, with its connections. */
export interface Listener {
  readonly port: number;
  /** Begins to accept connections again, on the same port. */
  open(): Promise<void>;
  /** Accepts no more, and cuts all that there are. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

export async function listen(port: number, serve: (socket: Socket) => void): Promise<Listener> {
  const sockets = new Set<Socket>();
  let server: Server | undefined = await start(port);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('unreachable: it listens on a port');

  function start(on: number): Promise<Server> {
    const made = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      serve(socket);
    });
    return new Promise((resolve, reject) => {
      made.once('error', reject);
      made.listen(on, HOST, () => resolve(made));
    });
  }

  return {
    port: address.port,
    async open() {
      server ??= await start(address.port);
    },
    async close() {
      const closing = server;
      server = undefined;
      if (closing === undefined) return;
      const closed = new Promise((resolve) => closing.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
