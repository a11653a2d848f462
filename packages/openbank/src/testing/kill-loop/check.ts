import { CHAIN_START, chainLink, type EventReader, type RecordedEvent } from '@openbank/eventsourcing';
import { runCli } from '../run-cli.ts';
import { read, sendPatiently, type Write } from './call.ts';
import type { Acknowledged, Journal } from './clients.ts';
import { effects } from './effects.ts';

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
 * The log itself, once nobody writes it any more: each acknowledged movement once and as it was answered, no other one,
 * what belongs together in one commit, what is done once done once, and every chain whole.
 *
 * @throws Error - what is not so
 */
export async function checkLog(log: EventReader, { ok, refused }: Journal): Promise<void> {
  const { movements, onceOnly } = await readMovements(log);
  let answered = 0;
  for (const { write, answer } of ok.values()) answered += checkAnswer(write, answer, movements);
  if (movements.size !== answered)
    throw new Error(`The log holds ${movements.size} movements, not ${answered}.`);
  for (const { key, path, body } of refused.values()) {
    const wanted = body.period === undefined ? path.split('/')[2] : `${body.account_id}/${body.period}`;
    if (!onceOnly.has(String(wanted)))
      throw new Error(`${key} was refused ${wanted}, which nothing has taken.`);
  }
}

/** How many movements an answer tells of. @throws Error - the log does not hold one of them, or not so */
function checkAnswer(write: Write, answer: string, movements: ReadonlyMap<string, Movement>): number {
  const body = JSON.parse(answer);
  const booked = body.items ?? [body];
  const commits = new Set<string | undefined>();
  for (const { balance, transaction } of booked) {
    const found = movements.get(transaction.id);
    if (found === undefined || found.balance !== balance)
      throw new Error(`The log does not hold ${write.key}: ${answer}`);
    const { from_account_id: from, to_account_id: to } = transaction;
    if (found.halves !== (from !== null && to !== null ? 2 : 1))
      throw new Error(`The log holds ${found.halves} halves of ${write.key}: ${answer}`);
    commits.add(found.commit);
  }
  if (commits.size !== 1) throw new Error(`The log holds ${write.key} in ${commits.size} commits: ${answer}`);
  return booked.length;
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

interface Movements {
  readonly movements: ReadonlyMap<string, Movement>;
  /** What is done only once, by the account and the period, or the transaction that is taken back. */
  readonly onceOnly: ReadonlySet<string>;
}

/** Every movement by the transaction's id, from a log whose chains are whole. */
async function readMovements(log: EventReader): Promise<Movements> {
  const movements = new Map<string, Movement>();
  const onceOnly = new Map<string, string>();
  const links = new Map<string, string>();
  for await (const { events } of log.readAll()) {
    for (const event of events) {
      const { stream, revision } = event;
      if (chainLink(links.get(stream) ?? CHAIN_START, stream, revision, event) !== event.link) {
        throw new Error(`The chain of ${stream} breaks at ${revision}.`);
      }
      links.set(stream, event.link);
      if (event.type !== 'BankAccountTransactionRecordedDomainEventV1') continue;
      addHalf(movements, event);
      addOnceOnly(onceOnly, event);
    }
  }
  return { movements, onceOnly: new Set(onceOnly.keys()) };
}

function addOnceOnly(onceOnly: Map<string, string>, { data }: RecordedEvent): void {
  const { id, reverses, period, to_account_id: to } = JSON.parse(data).transaction;
  const name = reverses ?? (period && `${to}/${period}`);
  if (name === undefined) return;
  if ((onceOnly.get(name) ?? id) !== id) throw new Error(`${name} is done twice, by ${id} too.`);
  onceOnly.set(name, id);
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
