import type { AddressInfo } from 'node:net';
import type { IndexProgress } from '@openbank/engine-sqlite';
import type { Logger } from 'pino';
import { compose } from './composition.ts';
import type { Config } from './config.ts';
import { prepareDataDirectory } from './data-directory.ts';
import { stopGracefully, stopSignal } from './lifecycle.ts';
import { AlreadyRunning, removeRunFile, runningBank, writeRunFile } from './run-file.ts';
import { tellStarter } from './start-messages.ts';

/**
 * Runs the bank in this process until a signal asks it to end.
 *
 * @param onReady - called once it answers: what is thrown later is no failure to start
 * @throws AlreadyRunning, DataDirectoryError, EventSourcingError - and what `listen` throws: see `startFailure`
 */
export async function serve(config: Config, log: Logger, onReady: () => void = () => {}): Promise<void> {
  const { data } = config;
  const signal = stopSignal();
  const running = runningBank(data);
  if (running !== undefined) throw new AlreadyRunning(running);
  prepareDataDirectory(data);
  try {
    await run(config, log, { signal, onReady });
  } finally {
    removeRunFile(data);
  }
}

interface Running {
  readonly signal: Promise<NodeJS.Signals>;
  onReady(): void;
}

async function run(config: Config, log: Logger, { signal, onReady }: Running): Promise<void> {
  const { data } = config;
  tellStarter({ kind: 'progress', text: 'opening the log' });
  const { app, close } = await compose({
    config,
    log,
    // Only who has the lock writes the run file, and removes it while it still has it.
    onLocked: () => writeRunFile(data, null),
    onUnlocking: () => removeRunFile(data),
    onIndexProgress,
  });
  const url = await listen(app, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  writeRunFile(data, url, { host: config.host, needsToken: config.token !== undefined });
  log.info({ url, listening: config.host, data }, 'OpenBank is ready');
  onReady();
  tellStarter({ kind: 'ready', address: url });

  log.info({ signal: await signal }, 'OpenBank is stopping');
  await stopGracefully({ app, close, log });
  log.info('OpenBank has stopped');
}

type Listening = Awaited<ReturnType<typeof compose>>['app'];

async function listen(app: Listening, { host, port }: Config): Promise<string> {
  await app.listen({ host, port });
  const address = app.server.address();
  return httpAddress(host, isAddressInfo(address) ? address.port : port);
}

function isAddressInfo(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}

/** Where a client on this machine reaches it. */
function httpAddress(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function onIndexProgress({ indexed, total }: IndexProgress): void {
  tellStarter({ kind: 'progress', text: `making the index: ${indexed} of ${total} events` });
}
