import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { inDirectory } from '../in-directory.ts';
import { postgresBinaries } from './binaries.ts';
import type { Address } from './databases.ts';
import { type ServerUser, serverUser } from './server-user.ts';

/** A new PostgreSQL with its own data, stopped and removed afterwards. */
interface Cluster {
  /** Of its data and its socket: it listens on no port. */
  readonly folder: string;
  readonly binaries: string;
  readonly user: ServerUser | undefined;
}

/**
 * Works with a PostgreSQL server of its own, with the settings that it comes with, on a Unix socket.
 *
 * @param parent - folder of its data, which must be open to the user that it runs as
 * @param use - told where its databases are; there is one called `postgres`
 * @throws Error - it cannot be made or started: what it said
 */
export function withPostgres<Result>(
  parent: string,
  use: (address: Address) => Promise<Result>,
): Promise<Result> {
  return inDirectory(parent, async (folder) => {
    const cluster = { folder, binaries: postgresBinaries(), user: serverUser() };
    await initialize(cluster);
    const stop = await start(cluster);
    try {
      return await use((database) => `postgres://postgres@localhost/${database}?host=${folder}`);
    } finally {
      await stop();
    }
  });
}

async function initialize(cluster: Cluster): Promise<void> {
  const { folder, binaries, user } = cluster;
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const options = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C'];
  await promisify(execFile)(join(binaries, 'initdb'), [`--pgdata=${dataOf(cluster)}`, ...options], {
    ...processOptions(cluster),
  }).catch(({ stderr }: { readonly stderr?: string }) => {
    throw new Error(`PostgreSQL could not make a database:\n${stderr}`);
  });
}

async function start(cluster: Cluster): Promise<() => Promise<void>> {
  const args = ['-D', dataOf(cluster), '-k', cluster.folder, '-c', 'listen_addresses='];
  const child = spawn(join(cluster.binaries, 'postgres'), args, {
    ...processOptions(cluster),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // Not left behind where the benchmark fails or is interrupted, and stopped before its folder is removed.
  const abort = (): void => void stopNow(cluster);
  process.prependOnceListener('exit', abort);
  await ready(child);
  return async () => {
    process.removeListener('exit', abort);
    const exited = once(child, 'exit');
    // Its "fast" shutdown: whoever is connected is cut off.
    child.kill('SIGINT');
    await exited;
  };
}

/** Resolves when it says on standard error that it answers; what it says later is left unread. */
function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`PostgreSQL ended at its start:\n${said.join('\n')}`)));
    if (child.stderr === null) return;
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (said.length < 100) said.push(line);
      if (line.includes('ready to accept connections')) resolve();
    });
  });
}

/** Waits, since the process is about to exit. */
function stopNow(cluster: Cluster): void {
  const stop = ['stop', '--mode=immediate', '--silent', '--pgdata', dataOf(cluster)];
  spawnSync(join(cluster.binaries, 'pg_ctl'), stop, processOptions(cluster));
}

function dataOf({ folder }: Cluster): string {
  return join(folder, 'data');
}

/** Nothing of the environment configures it; it speaks English, and can be in its own folder. */
function processOptions({ folder, user }: Cluster) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG'));
  return { ...user, cwd: folder, env: { ...Object.fromEntries(kept), LC_ALL: 'C' } };
}
