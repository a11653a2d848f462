import { setTimeout as sleep } from 'node:timers/promises';
import { send, type Write } from './call.ts';
import { checkBalances, checkKeys, checkLog, checkVerified } from './check.ts';
import { type Journal, startClients } from './clients.ts';
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

export interface KillLoopReport extends Omit<Journal, 'ok'> {
  readonly kills: number;
  readonly ok: number;
  /** Keys that were sent again in the end, and got their first answer. */
  readonly keys: number;
  /** Milliseconds until a killed bank answered again, at most. */
  readonly longestStart: number;
}

const ACCOUNTS = 20;

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
    await checkLog(directory, journal);
    await checkVerified(directory);
    return { ...journal, ok: journal.ok.size, keys, kills, longestStart: Math.round(longestStart) };
  } catch (error) {
    await server?.kill();
    throw error;
  }
}

async function openAccounts(address: string): Promise<readonly string[]> {
  const owner = await create(address, {
    key: 'person',
    path: '/persons',
    body: {
      first_name: 'Alice',
      last_name: 'Smith',
      date_of_birth: '1990-05-15',
      nationality: 'US',
      gender: 'FEMALE',
    },
  });
  const numbers = Array.from({ length: ACCOUNTS }, (_, number) => number);
  return Promise.all(
    numbers.map((number) =>
      create(address, {
        key: `account-${number}`,
        path: '/accounts',
        body: { owner_id: owner, overdraft_limit: 10_000_000 },
      }),
    ),
  );
}

async function create(address: string, write: Write): Promise<string> {
  const outcome = await send(address, write);
  if (outcome.kind !== 'ok') throw new Error(`${write.path}: ${outcome.reason}`);
  return String(JSON.parse(outcome.answer).id);
}

/** Some cents by chance, in, out, or from one account to another. The overdraft limits are wide: no rule is broken. */
function movements(accounts: readonly string[]): () => Write {
  let number = 0;
  return () => {
    const key = `movement-${number++}`;
    const cents = 1 + Math.floor(Math.random() * 99_999);
    const said = { amount: cents / 100, description: `Movement ${number}` };
    const from = Math.floor(Math.random() * accounts.length);
    const to = (from + 1 + Math.floor(Math.random() * (accounts.length - 1))) % accounts.length;
    const chance = Math.random();
    if (chance < 0.4) {
      return { key, path: '/transactions/deposit', body: { account_id: accounts[to], ...said } };
    }
    if (chance < 0.6) {
      return { key, path: '/transactions/withdrawal', body: { account_id: accounts[from], ...said } };
    }
    const both = { from_account_id: accounts[from], to_account_id: accounts[to] };
    return { key, path: '/transactions/transfer', body: { ...both, ...said } };
  };
}
