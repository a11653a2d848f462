import { randomBytes, randomUUID } from 'node:crypto';
import { openSqliteEventStore } from '@openbank/engine-sqlite';
import {
  type Aggregate,
  type CommandContext,
  createMemoryKeyStore,
  createRepository,
  createVault,
  type DomainEvent,
} from '@openbank/eventsourcing';
import { atOnce } from './at-once.ts';
import { createAccounts, depositData } from './deposits.ts';
import type { AppendOptions } from './floor.ts';

type MoneyDeposited = DomainEvent<'MoneyDeposited', ReturnType<typeof depositData>>;

const account: Aggregate<{ readonly deposits: number }, MoneyDeposited> = {
  type: 'BankAccount',
  streamPrefix: 'bank-account-',
  eventTypes: ['MoneyDeposited'],
  initialState: { deposits: 0 },
  evolve: ({ deposits }) => ({ deposits: deposits + 1 }),
};

/** Durable commands per second of the kit on the embedded engine, each with an idempotency key and one event. */
export async function kit({ directory, appends, concurrency, accounts }: AppendOptions): Promise<number> {
  const store = await openSqliteEventStore({ directory });
  const vault = await createVault({ keys: createMemoryKeyStore(), masterKey: randomBytes(32) });
  const repository = createRepository({ store, vault });
  const ids = createAccounts(accounts).map(({ stream }) => stream.slice(account.streamPrefix.length));
  const perSecond = await atOnce({ appends, concurrency }, async (at) => {
    const id = ids[at % ids.length] ?? '';
    const data = depositData(id, randomUUID());
    await repository.execute(
      {
        on: [{ aggregate: account, id }],
        decide: () => [[{ type: 'MoneyDeposited', data }]],
        answer: ([event]) => event?.id,
      },
      context(vault.requestHash(id)),
    );
  });
  await store.close();
  return perSecond;
}

function context(requestHash: string): CommandContext {
  const id = randomUUID();
  return {
    commandId: id,
    correlationId: id,
    causationId: id,
    actor: 'anonymous',
    idempotency: { claim: `idempotency/anonymous/${id}`, requestHash },
  };
}
