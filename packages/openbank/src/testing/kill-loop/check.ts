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

/**
 * Acknowledged keys are remembered with their first answers.
 *
 * @param most - how many are asked, picked by chance: every answer is looked up in the log as well, see `checkLog`
 * @throws Error - one that is not
 */
export async function checkKeys(
  address: string,
  { ok }: Journal,
  { clients, most }: { readonly clients: number; readonly most: number },
): Promise<number> {
  const chosen = [...ok.values()].sort(() => Math.random() - 0.5).slice(0, most);
  const left = chosen.values();
  async function client(): Promise<void> {
    for (const acknowledged of left) await checkKey(address, acknowledged);
  }
  await Promise.all(Array.from({ length: clients }, client));
  return chosen.length;
}

async function checkKey(address: string, { write, status, answer }: Acknowledged): Promise<void> {
  const again = await send(address, write);
  const same = again.kind === 'ok' && again.replayed && again.status === status && again.answer === answer;
  if (!same) throw new Error(`${write.key} was answered ${answer}, and now ${JSON.stringify(again)}`);
}

/**
 * The log itself, once the bank has stopped: each acknowledged deposit once and as it was answered, no other one, and
 * every chain whole.
 *
 * @throws Error - what is not so
 */
export async function checkLog(directory: string, { ok }: Journal): Promise<void> {
  const balances = await readDeposits(directory);
  for (const { write, answer } of ok.values()) {
    const { balance, transaction } = JSON.parse(answer);
    if (balances.get(transaction.id) !== balance)
      throw new Error(`The log does not hold ${write.key}: ${answer}`);
  }
  if (balances.size !== ok.size) throw new Error(`The log holds ${balances.size} deposits, not ${ok.size}.`);
}

/** Every deposit's balance by the transaction's id, from a log whose chains are whole. */
async function readDeposits(directory: string): Promise<ReadonlyMap<string, string>> {
  const balances = new Map<string, string>();
  const links = new Map<string, string>();
  const store = await openSqliteEventStore({ directory });
  try {
    for await (const { events } of store.readAll()) {
      for (const event of events) {
        const { stream, revision } = event;
        if (chainLink(links.get(stream) ?? CHAIN_START, stream, revision, event) !== event.link) {
          throw new Error(`The chain of ${stream} breaks at ${revision}.`);
        }
        links.set(stream, event.link);
        if (event.type !== 'BankAccountTransactionRecordedDomainEventV1') continue;
        const { balance, transaction } = JSON.parse(event.data);
        if (balances.has(transaction.id))
          throw new Error(`The transaction ${transaction.id} is there twice.`);
        balances.set(transaction.id, balance);
      }
    }
  } finally {
    await store.close();
  }
  return balances;
}
