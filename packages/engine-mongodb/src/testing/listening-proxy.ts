import { connect, createServer, type Socket } from 'node:net';
import { createFrames } from './double/wire/frames.ts';
import { decodeRequest } from './double/wire/message.ts';

/** Stands between a client and a server, and hears what the client asks. */
export interface ListeningProxy {
  /** For a client that asks nobody else. */
  readonly connectionString: string;
  /** The commands so far, as they came. */
  readonly commands: readonly Readonly<Record<string, unknown>>[];
  stop(): Promise<void>;
}

export async function startListeningProxy(connectionString: string): Promise<ListeningProxy> {
  const url = new URL(connectionString);
  const target = { host: url.hostname, port: Number(url.port) };
  const commands: Readonly<Record<string, unknown>>[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target);
    const frames = createFrames();
    client.on('data', (chunk: Buffer) => {
      for (const message of frames.push(chunk)) commands.push(decodeRequest(message).command);
    });
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    connectionString: `mongodb://127.0.0.1:${port}${url.pathname}?directConnection=true`,
    commands,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
