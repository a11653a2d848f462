import { createMemorySnapshotStore, type SnapshotObservation } from '@openbank/eventsourcing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTestBank, newId } from '../testing/test-bank.ts';

type Bank = Awaited<ReturnType<typeof createTestBank>>;

interface Step {
  readonly kind: 'deposit' | 'withdraw' | 'transfer';
  /** Cents. */
  readonly cents: number;
  readonly from: number;
  readonly to: number;
  readonly description: string | null;
}

const STEPS = fc.array(
  fc.record({
    kind: fc.constantFrom('deposit', 'withdraw', 'transfer'),
    cents: fc.integer({ min: 1, max: 40_000 }),
    from: fc.nat({ max: 2 }),
    to: fc.nat({ max: 2 }),
    description: fc.option(
      fc.string({ minLength: 1, maxLength: 5, unit: fc.constantFrom('a', 'Zoë', '漢') }),
    ),
  }),
  { minLength: 5, maxLength: 40 },
) satisfies fc.Arbitrary<Step[]>;

async function openAccounts(bank: Bank, ids: readonly string[]): Promise<void> {
  const [owner = '', ...accounts] = ids;
  await bank.register({ personId: owner });
  for (const accountId of accounts) await bank.open({ ownerId: owner, accountId, overdraftLimit: '100.00' });
}

/** What came of it: the balance after it, or the refusal. */
async function outcome(bank: Bank, accounts: readonly string[], step: Step): Promise<string> {
  const amount = (step.cents / 100).toFixed(2);
  const { description } = step;
  const [from = '', to = ''] = [accounts[step.from], accounts[step.to]];
  const sent = {
    deposit: () => bank.deposit({ accountId: from, amount, description }),
    withdraw: () => bank.withdraw({ accountId: from, amount, description }),
    transfer: () => bank.transfer({ fromAccountId: from, toAccountId: to, amount, description }),
  };
  try {
    return (await sent[step.kind]()).answer.balance;
  } catch (refusal) {
    return Object(refusal).code ?? String(refusal);
  }
}

it('a bank that goes on from snapshots decides as one that reads every event', async () => {
  const from: SnapshotObservation[] = [];
  await fc.assert(
    fc.asyncProperty(STEPS, fc.integer({ min: 1, max: 5 }), async (steps, every) => {
      const store = createMemorySnapshotStore({ keep: 2 });
      const observe = (observed: SnapshotObservation) => void from.push(observed);
      const snapshots = { store, every, observe };
      const kept = await createTestBank({ repository: { snapshots, maxCachedBytes: 0 } });
      const plain = await createTestBank({ repository: { maxCachedBytes: 0 } });
      const ids = Array.from({ length: 4 }, newId);
      for (const bank of [kept, plain]) await openAccounts(bank, ids);
      for (const step of steps) {
        const expected = await outcome(plain, ids.slice(1), step);
        expect(await outcome(kept, ids.slice(1), step)).toBe(expected);
        await new Promise(setImmediate);
      }
    }),
    { numRuns: 40 },
  );
  expect(from).toContainEqual(expect.objectContaining({ kind: 'loaded', from: 'snapshot' }));
  expect(from.filter(({ kind }) => kind === 'ignored' || kind === 'not-saved')).toEqual([]);
});
