import { CHAIN_START, chainLink, type EventReader, type RecordedEvent } from '@openbank/eventsourcing';
import { runCli } from '../run-cli.ts';
import { read, sendPatiently, type Write } from './call.ts';
import type { Acknowledged, Journal } from './clients.ts';

/** What was acknowledged, and nothing else, is what each account holds. @throws Error - what is not so */
export async function checkBalances(
  address: string,
  { ok }: Journal,
  accounts: readonly string[],
): Promise<void> {
  const expected = new Map(accounts.map((id) => [id, 0]));
  for (const { write } of ok.values()) {
    for (const [account, cents] of effects(write)) {
      expected.set(account, (expected.get(account) ?? 0) + cents);
    }
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

/** What a write adds to each account that it touches, in cents. */
function effects({ path, body }: Write): readonly (readonly [account: string, cents: number])[] {
  const cents = Math.round(Number(body.amount) * 100);
  switch (path) {
    case '/transactions/deposit':
      return [[String(body.account_id), cents]];
    case '/transactions/withdrawal':
      return [[String(body.account_id), -cents]];
    case '/transactions/transfer':
      return [
        [String(body.from_account_id), -cents],
        [String(body.to_account_id), cents],
      ];
    default:
      throw new Error(`Nobody knows what ${path} adds to an account.`);
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
  const again = await sendPatiently(address, write);
  const same = again.kind === 'ok' && again.replayed && again.status === status && again.answer === answer;
  if (!same) throw new Error(`${write.key} was answered ${answer}, and now ${JSON.stringify(again)}`);
}

/**
 * The log itself, once nobody writes it any more: each acknowledged movement once and as it was answered, no other one, both
 * halves of a transfer in one commit, and every chain whole.
 *
 * @throws Error - what is not so
 */
export async function checkLog(log: EventReader, { ok }: Journal): Promise<void> {
  const movements = await readMovements(log);
  for (const { write, answer } of ok.values()) {
    const { balance, transaction } = JSON.parse(answer);
    const found = movements.get(transaction.id);
    if (found === undefined || found.balance !== balance)
      throw new Error(`The log does not hold ${write.key}: ${answer}`);
    if (found.halves !== (write.path === '/transactions/transfer' ? 2 : 1))
      throw new Error(`The log holds ${found.halves} halves of ${write.key}: ${answer}`);
  }
  if (movements.size !== ok.size)
    throw new Error(`The log holds ${movements.size} movements, not ${ok.size}.`);
}

/** Chains, books, index and every read model, as an operator checks them. @throws Error - what is not so */
export async function checkVerified(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<void> {
  const { code, out, err } = await runCli(['verify', ...args], environment);
  if (code !== 0) throw new Error(`It does not verify:\n${out}\n${err}`);
}

interface Movement {
  readonly commit: string | undefined;
  /** Of the account that is answered: a transfer's is the paying one. */
  balance: string;
  halves: number;
}

/** Every movement by the transaction's id, from a log whose chains are whole. */
async function readMovements(log: EventReader): Promise<ReadonlyMap<string, Movement>> {
  const movements = new Map<string, Movement>();
  const links = new Map<string, string>();
  for await (const { events } of log.readAll()) {
    for (const event of events) {
      const { stream, revision } = event;
      if (chainLink(links.get(stream) ?? CHAIN_START, stream, revision, event) !== event.link) {
        throw new Error(`The chain of ${stream} breaks at ${revision}.`);
      }
      links.set(stream, event.link);
      if (event.type === 'BankAccountTransactionRecordedDomainEventV1') addHalf(movements, event);
    }
  }
  return movements;
}

function addHalf(movements: Map<string, Movement>, { data, stream, metadata }: RecordedEvent): void {
  const { balance, transaction } = JSON.parse(data);
  const pays = stream.endsWith(transaction.from_account_id ?? transaction.to_account_id);
  const first = movements.get(transaction.id);
  if (first === undefined) {
    movements.set(transaction.id, { commit: metadata.commit_id, balance: pays ? balance : '', halves: 1 });
    return;
  }
  if (first.commit !== metadata.commit_id || first.halves > 1)
    throw new Error(`The transaction ${transaction.id} is there twice.`);
  first.halves++;
  if (pays) first.balance = balance;
}
