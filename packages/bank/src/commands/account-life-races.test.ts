import type { CommandContext, Executed } from '@openbank/eventsourcing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { finalState } from '../testing/final-state.ts';
import { type Outcome, openAccounts, prepareRace } from '../testing/race.ts';
import { createTestBank, newContext, type TestBank } from '../testing/test-bank.ts';

/** What is done at once: on an account that can pay 1.00 in all, by its overdraft limit. */
interface Scene {
  readonly account: string;
  readonly other: string;
  readonly owner: string;
}
type Call = (bank: TestBank, scene: Scene, context?: CommandContext) => Promise<Executed<unknown>>;

const calls = {
  deposit: (bank, { account }, context) => bank.deposit({ accountId: account, amount: 1 }, context),
  withdraw: (bank, { account }, context) => bank.withdraw({ accountId: account, amount: 1 }, context),
  'transfer in': (bank, { account: toAccountId, other: fromAccountId }, context) =>
    bank.transfer({ fromAccountId, toAccountId, amount: 1 }, context),
  'transfer out': (bank, { account: fromAccountId, other: toAccountId }, context) =>
    bank.transfer({ fromAccountId, toAccountId, amount: 1 }, context),
  interest: (bank, { account }, context) => bank.interest({ accountId: account, amount: 1 }, context),
  fee: (bank, { account }, context) => bank.fee({ accountId: account, amount: 1 }, context),
  'reverse the deposit': async (bank, { account }, context) =>
    bank.reverse({ ...(await firstMovement(bank, account)) }, context),
  freeze: (bank, { account }, context) => bank.freeze({ accountId: account }, context),
  'freeze payments': (bank, { account }, context) =>
    bank.freeze({ accountId: account, status: 'FROZEN_DEBIT' }, context),
  unfreeze: (bank, { account }, context) => bank.unfreeze({ accountId: account }, context),
  close: (bank, { account }, context) => bank.close({ accountId: account }, context),
  'cut the limit': (bank, { account }, context) => bank.changeLimit({ accountId: account }, context),
  'raise the limit': (bank, { account }, context) =>
    bank.changeLimit({ accountId: account, overdraftLimit: 7 }, context),
  'open another': (bank, { owner }, context) => bank.open({ ownerId: owner }, context),
} satisfies Readonly<Record<string, Call>>;
const named: Readonly<Record<string, Call>> = calls;

/** Where the deposit stands that the scene begins with. */
async function firstMovement(bank: TestBank, accountId: string) {
  const events = await bank.recorded();
  const deposit = events.find(
    ({ stream, revision }) => stream === `bank-account-${accountId}` && revision === 1,
  );
  const reversedId: string = JSON.parse(deposit?.data ?? '{}').transaction.id;
  return { reversedId, recordedAt: { accountId, revision: 1 } };
}

const STARTS = ['OPEN', 'FROZEN_DEBIT', 'FROZEN'] as const;
type Start = (typeof STARTS)[number];
const ACCOUNTS = [
  [100n, 100n],
  [1_000n, 0n],
] as const;

/** Takes all out again that is there, and freezes where that is wanted. */
const begin =
  (status: Start) =>
  async (bank: TestBank, [accountId = '']: readonly string[]) => {
    await bank.withdraw({ accountId, amount: 1 });
    if (status !== 'OPEN') await bank.freeze({ accountId, status });
  };

/** What came of calls: how each was answered, and how they leave the account. */
async function resultOf(bank: Pick<TestBank, 'recorded'>, account: string, outcomes: readonly Outcome[]) {
  const answers = outcomes.map((outcome) =>
    outcome.status === 'fulfilled' ? 'done' : String(outcome.reason.code),
  );
  return JSON.stringify({ answers, ...finalState(await bank.recorded(), account) });
}

/** What comes of calls that are made one after the other; the answers in the order in which they were given here. */
async function inOrder(status: Start, called: readonly Call[], order: readonly number[]): Promise<string> {
  const bank = await createTestBank();
  const owner = (await bank.register()).answer.id;
  const accounts = await openAccounts(bank, owner, ACCOUNTS);
  await begin(status)(bank, accounts);
  const [account = '', other = ''] = accounts;
  const outcomes: Outcome[] = [];
  for (const at of order) {
    const call = called[at];
    if (call === undefined) continue;
    const [outcome] = await Promise.allSettled([call(bank, { account, other, owner })]);
    outcomes[at] = outcome;
  }
  return resultOf(bank, account, outcomes);
}

const names = Object.keys(named);
const pairs = names.flatMap((one, at) => names.slice(at).map((two) => [one, two] as const));

describe.each([
  ['in one process', 1],
  ['in two processes', 2],
])('%s', (_, processes) => {
  async function raced(
    scheduler: fc.Scheduler,
    status: Start,
    called: readonly Call[],
    contexts: readonly (CommandContext | undefined)[],
  ) {
    const race = await prepareRace(scheduler, { processes, accounts: ACCOUNTS, before: begin(status) });
    const [account = '', other = ''] = race.accounts;
    const scene = { account, other, owner: race.owner };
    const outcomes = await race.run(called.map((call, at) => (bank) => call(bank, scene, contexts[at])));
    await race.balances();
    return { outcomes, result: await resultOf(race, account, outcomes) };
  }

  test.each(pairs)('%s and %s at once come to what one after the other does', async (one, two) => {
    const called = [named[one], named[two]].filter((call) => call !== undefined);
    const allowed = new Map<Start, readonly string[]>();
    for (const status of STARTS) {
      const [there, back] = [await inOrder(status, called, [0, 1]), await inOrder(status, called, [1, 0])];
      allowed.set(status, [there, back]);
    }
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.constantFrom(...STARTS), async (scheduler, status) => {
        const { result } = await raced(scheduler, status, called, [newContext('one'), newContext('two')]);
        expect(allowed.get(status)).toContain(result);
      }),
      { numRuns: 5 },
    );
  });

  test.each(names)('%s three times at once under one key is done once, and answered alike', async (name) => {
    const call = named[name];
    if (call === undefined) return;
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.constantFrom(...STARTS), async (scheduler, status) => {
        const key = newContext('key');
        const { outcomes, result } = await raced(scheduler, status, [call, call, call], [key, key, key]);
        const { answers, ...state } = JSON.parse(result);
        const { answers: alone, ...stateAlone } = JSON.parse(await inOrder(status, [call], [0]));
        expect(new Set(answers)).toEqual(new Set(alone));
        expect(state).toEqual(stateAlone);
        const done = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
        expect(new Set(done.map(({ answer }) => JSON.stringify(answer))).size).toBeLessThanOrEqual(1);
        expect(done.filter(({ replayed }) => !replayed)).toHaveLength(done.length === 0 ? 0 : 1);
      }),
      { numRuns: 5 },
    );
  });
});
