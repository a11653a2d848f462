import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The stores of a bank of many processes, in processes of their own. */
export interface StoreProcesses {
  /** By which the program is told where they are. */
  readonly environment: { readonly OPENBANK_EVENT_STORE: string; readonly OPENBANK_READ_STORE: string };
  stop(): Promise<void>;
}

/**
 * Starts the test doubles of KurrentDB and MongoDB, or takes the real servers that `OPENBANK_TEST_KURRENTDB` and
 * `OPENBANK_TEST_MONGODB` name: those must be empty.
 */
export async function startStoreProcesses(): Promise<StoreProcesses> {
  const [events, readModels] = await Promise.all([
    startStore('engine-kurrentdb', process.env.OPENBANK_TEST_KURRENTDB),
    startStore('engine-mongodb', process.env.OPENBANK_TEST_MONGODB),
  ]);
  return {
    environment: { OPENBANK_EVENT_STORE: events.address, OPENBANK_READ_STORE: readModels.address },
    async stop() {
      await Promise.all([events.stop(), readModels.stop()]);
    },
  };
}

interface StoreProcess {
  readonly address: string;
  stop(): Promise<void>;
}

async function startStore(engine: string, real: string | undefined): Promise<StoreProcess> {
  if (real !== undefined) return { address: real, stop: async () => {} };
  const path = fileURLToPath(new URL(`../../../../${engine}/src/testing/double-process.ts`, import.meta.url));
  const child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const line = await Promise.race([firstLine(child.stdout), ended.then(() => '{}')]);
  const { connectionString }: { connectionString?: unknown } = JSON.parse(line);
  if (typeof connectionString !== 'string') throw new Error(`The double of ${engine} did not start.`);
  return {
    address: connectionString,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  const [line] = await once(createInterface({ input: stream }), 'line');
  return String(line);
}
