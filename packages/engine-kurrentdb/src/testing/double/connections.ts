import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import grpc from '@grpc/grpc-js';

/** The TCP side of the server, apart from gRPC: it can break connections, go away and come back on its port. */
export interface Connections {
  port(): number;
  /** Listens on the port that it had, or on a free one. */
  listen(): Promise<void>;
  /** Stops listening and breaks every connection. */
  close(): Promise<void>;
  /** Breaks the connection of one client, named as gRPC names a peer. */
  cut(peer: string): void;
}

/** Hands connections on a loopback port over to a gRPC server. */
export const createConnections = (server: grpc.Server, wantedPort: number): Connections => {
  const injector = server.createConnectionInjector(grpc.ServerCredentials.createInsecure());
  const sockets = new Map<string, Socket>();
  let port = wantedPort;
  const tcp = createServer({ noDelay: true }, (socket) => {
    const peer = `${socket.remoteAddress}:${socket.remotePort}`;
    sockets.set(peer, socket);
    socket.on('close', () => sockets.delete(peer));
    socket.on('error', () => socket.destroy());
    injector.injectConnection(socket);
  });
  return {
    port: () => port,
    listen: async () => {
      tcp.listen(port, '127.0.0.1');
      await once(tcp, 'listening');
      const address = tcp.address();
      if (address !== null && typeof address === 'object') port = address.port;
    },
    close: async () => {
      const closed = once(tcp, 'close');
      tcp.close();
      for (const socket of sockets.values()) socket.destroy();
      await closed;
    },
    cut: (peer) => void sockets.get(peer)?.destroy(),
  };
};
