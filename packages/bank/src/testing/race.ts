import { createMemoryEventStore, type EventStore, type Executed } from '@openbank/eventsourcing';
import type fc from 'fast-check';
import { booksIn } from './books-in-log.ts';
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
  /** What each account has, in minor units. @throws Error - the books are wrong: see `booksIn` */
  balances(): Promise<readonly bigint[]>;
}

export interface Start {
  readonly processes: number;
  /** Minor units of each account, and its overdraft limit. */
  readonly accounts: readonly (readonly [balance: bigint, limit: bigint])[];
}

export const cents = (minor: bigint) => `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`;

export async function prepareRace(
  scheduler: fc.Scheduler,
  { processes, accounts: wanted }: Start,
): Promise<Race> {
  const calm = await createTestBank({ log: createMemoryEventStore({ sharedWriters: processes > 1 }) });
  const { id: owner } = (await calm.register()).answer;
  const accounts: string[] = [];
  for (const [balance, limit] of wanted) {
    const { id } = (await calm.open({ ownerId: owner, overdraftLimit: cents(limit) })).answer;
    if (balance > 0n) await calm.deposit({ accountId: id, amount: cents(balance) });
    accounts.push(id);
  }
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
      const books = booksIn(await calm.recorded());
      return accounts.map((id) => books.get(id) ?? 0n);
    },
  };
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
