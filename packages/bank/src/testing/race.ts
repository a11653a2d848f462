import {
  createMemoryEventStore,
  type EventStore,
  type Executed,
  type RecordedEvent,
} from '@openbank/eventsourcing';
import type fc from 'fast-check';
import { booksIn } from './books-in-log.ts';
import { ledgerFindings } from './ledger-findings.ts';
import { createTestBank, type TestBank } from './test-bank.ts';

export type Outcome = PromiseSettledResult<Executed<unknown>>;
export type RacingCall = (bank: TestBank, other: TestBank) => Promise<Executed<unknown>>;

/** Accounts that have so much each, and racers: processes of one bank, each of whose steps waits for its turn. */
export interface Race {
  readonly accounts: readonly string[];
  readonly owner: string;
  /**
   * Runs calls at once, the first one in the first process and so on, in the order that the scheduler chooses. Each gets
   * its own process and the next one, which is the same where there is one.
   */
  run(calls: readonly RacingCall[]): Promise<readonly Outcome[]>;
  /**
   * What each account has, in minor units.
   *
   * @throws Error - the books are wrong, or something was done that a rule of the ledger forbids: see `booksIn` and
   *   `createLedgerCheck`
   */
  balances(): Promise<readonly bigint[]>;
  recorded(): Promise<readonly RecordedEvent[]>;
}

export interface Start {
  readonly processes: number;
  /** Minor units of each account, and its overdraft limit. */
  readonly accounts: readonly (readonly [balance: bigint, limit: bigint])[];
  /** What else is done before. */
  before?(bank: TestBank, accounts: readonly string[]): Promise<unknown>;
}

export const cents = (minor: bigint) => `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;

export async function prepareRace(
  scheduler: fc.Scheduler,
  { processes, accounts: wanted, before }: Start,
): Promise<Race> {
  const calm = await createTestBank({ log: createMemoryEventStore({ sharedWriters: processes > 1 }) });
  const { id: owner } = (await calm.register()).answer;
  const accounts = await openAccounts(calm, owner, wanted);
  await before?.(calm, accounts);
  const log = inTurns(calm.log, scheduler);
  const racer = () => createTestBank({ log, keys: calm.keys });
  const banks = await Promise.all(Array.from({ length: processes }, racer));

  return {
    accounts,
    owner,
    run: (calls) =>
      scheduler.waitFor(
        Promise.allSettled(
          calls.map((call, at) => call(banks[at % processes] ?? calm, banks[(at + 1) % processes] ?? calm)),
        ),
      ),
    async balances() {
      const events = await calm.recorded();
      const books = booksIn(events);
      for (const { kind, place } of ledgerFindings(events)) throw new Error(`${kind} at ${place}`);
      return accounts.map((id) => books.get(id) ?? 0n);
    },
    recorded: () => calm.recorded(),
  };
}

/** Opens accounts for a person, in the order in which they are wanted, and answers their ids. */
export async function openAccounts(
  bank: TestBank,
  ownerId: string,
  wanted: Start['accounts'],
): Promise<readonly string[]> {
  const accounts: string[] = [];
  for (const [balance, limit] of wanted) {
    const { id } = (await bank.open({ ownerId, overdraftLimit: cents(limit) })).answer;
    if (balance > 0n) await bank.deposit({ accountId: id, amount: cents(balance) });
    accounts.push(id);
  }
  return accounts;
}

/** Every call to the store, and every answer to an append, comes when the scheduler lets it. */
function inTurns(store: EventStore, scheduler: fc.Scheduler): EventStore {
  const turn = (label: string) => scheduler.schedule(Promise.resolve(), label);
  return {
    ...store,
    async append(commit) {
      await turn('append');
      const appended = await store.append(commit);
      await turn('appended');
      return appended;
    },
    async claim(name) {
      await turn('claim');
      return store.claim(name);
    },
    async *readStream(stream, options) {
      await turn('read');
      yield* store.readStream(stream, options);
    },
  };
}
