import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A wire between a client and a server that can be made to fail as wires do. */
export interface TcpProxy {
  /** The connection string, by way of the proxy. */
  readonly connectionString: string;
  /** From now on nothing passes, in either direction, and nobody is told: a half-open connection. */
  hold(): void;
  /** What was held back passes, and all else. */
  release(): void;
  /** Breaks all connections; new ones are taken. */
  cut(): void;
  stop(): Promise<void>;
}

/** @param connectionString - of one node, with its host and port */
export async function startTcpProxy(connectionString: string): Promise<TcpProxy> {
  const [authority = '', host = '', port = ''] = /([^/@:,]+):(\d+)/.exec(connectionString) ?? [];
  const sockets = new Set<Socket>();
  let isHeld = false;
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ port: Number(port), host, noDelay: true });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      if (isHeld) from.pause();
      from.on('data', (bytes) => to.write(bytes));
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    if (isHeld) for (const socket of [client, upstream]) socket.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const own = address !== null && typeof address === 'object' ? address.port : 0;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    connectionString: connectionString.replace(authority, `127.0.0.1:${own}`),
    hold() {
      isHeld = true;
      for (const socket of sockets) socket.pause();
    },
    release() {
      isHeld = false;
      for (const socket of sockets) socket.resume();
    },
    cut,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
