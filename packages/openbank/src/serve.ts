import type { AddressInfo } from 'node:net';
import { type IndexProgress, withDirectoryLocked } from '@openbank/engine-sqlite';
import type { Logger } from 'pino';
import { type Composition, composeBank, composeProjector } from './composition.ts';
import type { Config } from './config.ts';
import { prepareDataDirectory } from './data-directory.ts';
import { stopGracefully, stopSignal } from './lifecycle.ts';
import type { Part } from './part.ts';
import { AlreadyRunning, removeRunFile, runningBank, writeRunFile } from './run-file.ts';
import { tellStarter } from './start-messages.ts';

/**
 * Runs a part of the bank in this process until a signal asks it to end.
 *
 * @param onReady - called once it answers: what is thrown later is no failure to start
 * @throws AlreadyRunning, DataDirectoryError, EventSourcingError - and what `listen` throws: see `startFailure`
 */
export async function serve(
  part: Part,
  config: Config,
  log: Logger,
  onReady: () => void = () => {},
): Promise<void> {
  const keptIn = part === 'all' ? { data: config.data } : {};
  const running = { config, log, keptIn, signal: stopSignal(), onReady };
  const options = { config, log, ...NO_DIRECTORY };
  switch (part) {
    case 'all':
      return serveDirectory(running);
    case 'api':
      return run(running, () => composeBank({ ...options, projects: false }));
    case 'projector':
      return run(running, () => composeProjector(options));
    default:
      return part satisfies never;
  }
}

/** A part of the bank keeps nothing on the disk. */
const NO_DIRECTORY = { onLocked() {}, onUnlocking() {}, onIndexProgress() {} };

interface Running {
  readonly config: Config;
  readonly log: Logger;
  /** Where it keeps something on this machine. */
  readonly keptIn: Partial<Pick<Config, 'data'>>;
  readonly signal: Promise<NodeJS.Signals>;
  onReady(): void;
}

/** The whole bank, the only one of its directory, which says where it is. */
async function serveDirectory(running: Running): Promise<void> {
  const { config } = running;
  const { data } = config;
  const other = runningBank(data);
  if (other !== undefined) throw new AlreadyRunning(other);
  prepareDataDirectory(data);
  try {
    await (config.eventStore.engine === 'sqlite' ? serveBank(running) : serveOnServers(running));
  } finally {
    removeRunFile(data);
  }
}

/** No event store locks the directory, which is one bank's all the same. */
function serveOnServers(running: Running): Promise<void> {
  const { data } = running.config;
  return withDirectoryLocked(data, () => {
    writeRunFile(data, null);
    return serveBank(running);
  });
}

async function serveBank(running: Running): Promise<void> {
  const { config, log } = running;
  const { data, host, token } = config;
  tellStarter({ kind: 'progress', text: 'opening the log' });
  const compose = () =>
    composeBank({
      config,
      log,
      projects: true,
      // Only who has the lock writes the run file, and removes it while it still has it.
      onLocked: () => writeRunFile(data, null),
      onUnlocking: () => removeRunFile(data),
      onIndexProgress,
    });
  const access = { host, needsToken: token !== undefined };
  await run(running, compose, (url) => writeRunFile(data, url, access));
}

async function run(
  { config, log, keptIn, signal, onReady }: Running,
  compose: () => Promise<Composition>,
  onListening: (url: string) => void = () => {},
): Promise<void> {
  const { app, close } = await compose();
  const url = await listen(app, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  onListening(url);
  log.info({ url, listening: config.host, ...keptIn }, 'OpenBank is ready');
  onReady();
  tellStarter({ kind: 'ready', address: url });

  log.info({ signal: await signal }, 'OpenBank is stopping');
  await stopGracefully({ app, close, log });
  log.info('OpenBank has stopped');
}

async function listen(app: Composition['app'], { host, port }: Config): Promise<string> {
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
