import { setTimeout as sleep } from 'node:timers/promises';
import { checkBalances, checkKeys, checkLog, checkVerified } from '../kill-loop/check.ts';
import { type Journal, startClients } from '../kill-loop/clients.ts';
import { movements, openAccounts } from '../kill-loop/movements.ts';
import { type Cluster, type Member, startCluster, untilCaughtUp } from './cluster.ts';
import { withEventsOf } from './events-of.ts';

export interface ClusterLoopOptions {
  readonly apis: number;
  readonly projectors: number;
  /** Of load and trouble. */
  readonly seconds: number;
  /** Default 16. */
  readonly clients?: number;
}

export interface ClusterLoopReport extends Omit<Journal, 'ok' | 'refused'> {
  readonly ok: number;
  /** Writes that another one came before. */
  readonly refused: number;
  readonly kills: number;
  readonly pauses: number;
  readonly stops: number;
  /** Keys that were sent again in the end, and got their first answer. */
  readonly keys: number;
}

/** Milliseconds that a process stands still at most: longer than a lease lasts. */
const LONGEST_PAUSE = 8_000;

/**
 * Kills, pauses and stops API and projector processes while clients write, and then looks whether everything that was
 * acknowledged is in the log once, everything else not, every key is remembered with its first answer, and all read models
 * are what follows from the log.
 *
 * @throws Error - what was lost, doubled, forgotten, or is out of order
 */
export async function runClusterLoop(options: ClusterLoopOptions): Promise<ClusterLoopReport> {
  const { apis: api, projectors: projector, seconds, clients = 16 } = options;
  const cluster = await startCluster({ api, projector });
  try {
    const accounts = await openAccounts(cluster.anyApi() ?? '');
    const load = startClients(clients, cluster.anyApi, movements(accounts));
    const trouble = await makeTrouble(cluster, seconds);
    const journal = await load.finish();
    // First what all else follows from.
    await withEventsOf(cluster, (events) => checkLog(events, journal));
    await untilCaughtUp(cluster);
    const address = cluster.anyApi() ?? '';
    await checkBalances(address, journal, accounts);
    const keys = await checkKeys(address, journal, { clients, most: 1_000 });
    await checkBalances(address, journal, accounts);
    await checkVerified([], cluster.environment);
    const { ok, refused } = { ok: journal.ok.size, refused: journal.refused.size };
    return { ...journal, ...trouble, ok, refused, keys };
  } finally {
    await cluster.stop();
  }
}

interface Trouble {
  kills: number;
  pauses: number;
  stops: number;
}

/** One thing after the other befalls some process that is well, and each is well again in the end. */
async function makeTrouble(cluster: Cluster, seconds: number): Promise<Trouble> {
  const trouble: Trouble = { kills: 0, pauses: 0, stops: 0 };
  const recovering = new Set<Promise<void>>();
  const end = performance.now() + seconds * 1_000;
  while (performance.now() < end) {
    await sleep(Math.random() * 1_500);
    const well = cluster.members.filter(({ process, paused }) => process !== undefined && !paused);
    const member = well[Math.floor(Math.random() * well.length)];
    if (member === undefined) continue;
    const recovered = befall(cluster, member, trouble).finally(() => recovering.delete(recovered));
    recovering.add(recovered);
  }
  await Promise.all(recovering);
  return trouble;
}

async function befall(cluster: Cluster, member: Member, trouble: Trouble): Promise<void> {
  const { process } = member;
  const chance = Math.random();
  if (chance < 0.4) {
    trouble.pauses++;
    member.paused = true;
    process?.pause();
    await sleep(Math.random() * LONGEST_PAUSE);
    process?.goOn();
    member.paused = false;
    return;
  }
  member.process = undefined;
  if (chance < 0.8) {
    trouble.kills++;
    await process?.kill();
  } else {
    trouble.stops++;
    await process?.stop();
  }
  await cluster.start(member);
}
