import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The server that an engine and its client alone are measured on. */
export interface StoreServer {
  readonly connectionString: string;
  /**
   * Whether it is the engine's test double: a look-alike. What a client spends on it is what it spends, but its rates say
   * nothing about the real server.
   */
  readonly isLookAlike: boolean;
  stop(): Promise<void>;
}

const DOUBLES = {
  kurrentdb: new URL('../../../packages/engine-kurrentdb/src/testing/double-process.ts', import.meta.url),
  mongodb: new URL('../../../packages/engine-mongodb/src/testing/double-process.ts', import.meta.url),
};

/** The real server that `OPENBANK_TEST_KURRENTDB` or `OPENBANK_TEST_MONGODB` names, or a look-alike in a process of its own. */
export async function startStoreServer(engine: keyof typeof DOUBLES): Promise<StoreServer> {
  const real = process.env[`OPENBANK_TEST_${engine.toUpperCase()}`];
  if (real !== undefined && real !== '')
    return { connectionString: real, isLookAlike: false, stop: async () => {} };
  const child = spawn(process.execPath, [fileURLToPath(DOUBLES[engine])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Not left behind where the benchmark fails or is interrupted.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const exited = once(child, 'exit');
  const line = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), exited]);
  if (child.exitCode !== null) throw new Error(`The look-alike of ${engine} ended at its start.`);
  const { connectionString }: { connectionString: string } = JSON.parse(String(line[0]));
  return {
    connectionString,
    isLookAlike: true,
    async stop() {
      process.removeListener('exit', kill);
      child.kill('SIGTERM');
      await exited;
    },
  };
}
