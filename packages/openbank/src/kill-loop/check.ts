import { openSqliteEventStore } from '@openbank/engine-sqlite';
import { CHAIN_START, chainLink } from '@openbank/eventsourcing';
import { read, send } from './call.ts';
import type { Acknowledged, Journal } from './clients.ts';

/** What was acknowledged, and nothing else, is what each account holds. @throws Error - what is not so */
export async function checkBalances(
  address: string,
  { ok }: Journal,
  accounts: readonly string[],
): Promise<void> {
  const expected = new Map(accounts.map((id) => [id, 0]));
  for (const { write } of ok.values()) {
    const account = String(write.body.account_id);
    expected.set(account, (expected.get(account) ?? 0) + Number(write.body.amount) * 100);
  }
  const health = await read(address, '/health/ready');
  const head = typeof health === 'object' && health !== null && 'head' in health ? health.head : undefined;
  for (const [id, cents] of expected) {
    const account = await read(address, `/api/v1/accounts/${id}?min_position=${head}`);
    const balance =
      typeof account === 'object' && account !== null && 'balance' in account ? account.balance : '';
    if (Math.round(Number(balance) * 100) !== Math.round(cents)) {
      throw new Error(`Account ${id} shows ${balance} where ${cents / 100} was acknowledged.`);
    }
  }
}

/** Every acknowledged key is remembered with its first answer. @throws Error - one that is not */
export async function checkKeys(address: string, { ok }: Journal, clients: number): Promise<void> {
  const left = ok.values();
  async function client(): Promise<void> {
    for (const acknowledged of left) await checkKey(address, acknowledged);
  }
  await Promise.all(Array.from({ length: clients }, client));
}

async function checkKey(address: string, { write, status, answer }: Acknowledged): Promise<void> {
  const again = await send(address, write);
  const same = again.kind === 'ok' && again.replayed && again.status === status && again.answer === answer;
  if (!same) throw new Error(`${write.key} was answered ${answer}, and now ${JSON.stringify(again)}`);
}

/**
 * The log itself, once the bank has stopped: one event for each acknowledged deposit, and every chain whole.
 *
 * @throws Error - what is not so
 */
export async function checkLog(directory: string, { ok }: Journal): Promise<void> {
  const store = await openSqliteEventStore({ directory });
  const links = new Map<string, string>();
  let deposits = 0;
  try {
    for await (const { events } of store.readAll()) {
      for (const event of events) {
        const previous = links.get(event.stream) ?? CHAIN_START;
        const link = chainLink(previous, event.stream, event.revision, event);
        if (link !== event.link) throw new Error(`The chain of ${event.stream} breaks at ${event.revision}.`);
        links.set(event.stream, link);
        if (event.type === 'BankAccountTransactionRecordedDomainEventV1') deposits++;
      }
    }
  } finally {
    await store.close();
  }
  if (deposits !== ok.size)
    throw new Error(`The log holds ${deposits} deposits; ${ok.size} were acknowledged.`);
}
