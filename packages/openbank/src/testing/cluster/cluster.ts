import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerProcess, startProgram } from '../kill-loop/server-process.ts';
import { type StoreProcesses, startStoreProcesses } from './store-processes.ts';

export type Role = 'api' | 'projector';

/** One place in the cluster, where one process after the other does the same work. */
export interface Member {
  readonly role: Role;
  /** Undefined while it is down. */
  process: ServerProcess | undefined;
  paused: boolean;
}

/** A bank of many processes on stores of its own. */
export interface Cluster {
  readonly members: readonly Member[];
  /** By which any command of the program is told of this bank. */
  readonly environment: NodeJS.ProcessEnv;
  start(member: Member): Promise<void>;
  /** Where any of the APIs that are up answers; undefined while none is. */
  anyApi(): string | undefined;
  stop(): Promise<void>;
}

/** Starts as many APIs and projectors; any member may be killed, paused and started again. */
export async function startCluster(counts: Readonly<Record<Role, number>>): Promise<Cluster> {
  const stores: StoreProcesses = await startStoreProcesses();
  const environment = {
    ...stores.environment,
    OPENBANK_MASTER_KEY: randomBytes(32).toString('hex'),
    OPENBANK_LOG_LEVEL: 'warn',
  };
  const members = (['api', 'projector'] as const).flatMap((role) =>
    Array.from({ length: counts[role] }, (): Member => ({ role, process: undefined, paused: false })),
  );

  async function start(member: Member): Promise<void> {
    member.process = await startProgram(['serve', member.role], environment);
  }

  async function stop(): Promise<void> {
    await Promise.all(members.map(({ process }) => process?.kill()));
    await stores.stop();
  }

  try {
    await Promise.all(members.map(start));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    members,
    environment,
    start,
    anyApi() {
      const up = members.filter(
        ({ role, process, paused }) => role === 'api' && process !== undefined && !paused,
      );
      return up[Math.floor(Math.random() * up.length)]?.process?.address;
    },
    stop,
  };
}

/** Milliseconds: a machine that does much else takes its time over each start. */
const CATCHING_UP = 240_000;

/** Waits until every process is ready and its read models show all of the log. @throws Error - not in four minutes */
export async function untilCaughtUp(cluster: Cluster): Promise<void> {
  const deadline = performance.now() + CATCHING_UP;
  for (const { process } of cluster.members) {
    while (!(process !== undefined && (await isCaughtUp(process.address)))) {
      if (performance.now() > deadline) throw new Error(`It does not catch up: ${await healthOf(process)}`);
      await sleep(100);
    }
  }
}

async function healthOf(process: ServerProcess | undefined): Promise<string> {
  if (process === undefined) return 'it is down';
  return (await fetch(`${process.address}/health/ready`)).text();
}

async function isCaughtUp(address: string): Promise<boolean> {
  const response = await fetch(`${address}/health/ready`);
  const { head, projections }: { head: string; projections: readonly { position: string | null }[] } = Object(
    await response.json(),
  );
  return response.ok && projections.every(({ position }) => position !== null && position >= head);
}
