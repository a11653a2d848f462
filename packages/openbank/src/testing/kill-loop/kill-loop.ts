import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteEventStore } from '@openbank/engine-sqlite';
import { checkBalances, checkKeys, checkLog, checkVerified } from './check.ts';
import { type Journal, startClients } from './clients.ts';
import { movements, openAccounts } from './movements.ts';
import { type ServerProcess, startServer } from './server-process.ts';

export interface KillLoopOptions {
  readonly directory: string;
  readonly kills: number;
  /** Default 16. */
  readonly clients?: number;
  /** Milliseconds of load before a kill, at most. Default 1,000. */
  readonly longestRound?: number;
  onKill?(kills: number): void;
}

export interface KillLoopReport extends Omit<Journal, 'ok' | 'refused'> {
  readonly kills: number;
  readonly ok: number;
  /** Writes that another one came before. */
  readonly refused: number;
  /** Keys that were sent again in the end, and got their first answer. */
  readonly keys: number;
  /** Milliseconds until a killed bank answered again, at most. */
  readonly longestStart: number;
}

/**
 * Kills the real program again and again while clients write, and then looks whether everything that was acknowledged
 * is there once, everything else not, and every key remembered with its first answer.
 *
 * @throws Error - what was lost, doubled or forgotten
 */
export async function runKillLoop(options: KillLoopOptions): Promise<KillLoopReport> {
  const { directory, kills, clients = 16, longestRound = 1_000 } = options;
  let server: ServerProcess | undefined = await startServer(directory);
  let longestStart = 0;
  try {
    const accounts = await openAccounts(server.address);
    const load = startClients(clients, () => server?.address, movements(accounts));
    for (let kill = 1; kill <= kills; kill++) {
      await sleep(Math.random() * longestRound);
      const killed = server;
      server = undefined;
      await killed.kill();
      server = await startServer(directory);
      longestStart = Math.max(longestStart, server.startTime);
      options.onKill?.(kill);
    }
    const journal = await load.finish();
    await checkBalances(server.address, journal, accounts);
    const keys = await checkKeys(server.address, journal, { clients, most: 2_000 });
    await checkBalances(server.address, journal, accounts);
    await server.stop();
    await checkLogOf(directory, journal);
    await checkVerified(['--data', directory]);
    const { ok, refused } = { ok: journal.ok.size, refused: journal.refused.size };
    return { ...journal, ok, refused, keys, kills, longestStart: Math.round(longestStart) };
  } catch (error) {
    await server?.kill();
    throw error;
  }
}

async function checkLogOf(directory: string, journal: Journal): Promise<void> {
  const store = await openSqliteEventStore({ directory });
  try {
    await checkLog(store, journal);
  } finally {
    await store.close();
  }
}
