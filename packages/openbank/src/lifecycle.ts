import type { Logger } from 'pino';
import type { App } from './http/app.ts';

export interface StopOptions {
  readonly app: App;
  /** Ends what stands behind the HTTP interface. */
  readonly close: () => Promise<void>;
  readonly log: Logger;
  /** Milliseconds that clients may take to end their requests. Default 10,000. */
  readonly patience?: number;
}

const IDLE_MS = 50;

/**
 * Ends gracefully: takes no new connections, answers every request that has arrived, and only then closes the stores.
 * Connections of clients who do not end within the patience are cut; what they had been answered stays durable.
 */
export async function stopGracefully({ app, close, log, patience = 10_000 }: StopOptions): Promise<void> {
  const cut = setTimeout(() => {
    log.warn('some clients have not ended their requests in time: their connections are cut');
    app.server.closeAllConnections();
  }, patience);
  // A connection that was busy when the closing began is kept alive by its answer; nothing more is asked on it.
  const idle = setInterval(() => app.server.closeIdleConnections(), IDLE_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
    clearInterval(idle);
  }
  await close();
}

/** Resolves to the first signal that asks this process to end. */
export function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  });
}
