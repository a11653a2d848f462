import { randomBytes, randomUUID } from 'node:crypto';
import {
  type CommandContext,
  createMemoryEventStore,
  createMemoryKeyStore,
  createMemoryReadModelStore,
  createRepository,
  createVault,
  type EventStore,
  type KeyStore,
  type Projection,
  type RecordedEvent,
  type RepositoryOptions,
  runProjections,
} from '@openbank/eventsourcing';
import { type ChangeOverdraftLimit, changeOverdraftLimit } from '../commands/change-overdraft-limit.ts';
import { type CloseAccount, closeAccount } from '../commands/close-account.ts';
import { type CorrectPerson, correctPerson } from '../commands/correct-person.ts';
import { type CreateBankAccount, createBankAccount } from '../commands/create-bank-account.ts';
import { type CreateBatch, createBatch } from '../commands/create-batch.ts';
import { type CreateDeposit, createDeposit } from '../commands/create-deposit.ts';
import { type CreateFee, createFee } from '../commands/create-fee.ts';
import { type CreateReversal, createReversal } from '../commands/create-reversal.ts';
import { type CreateTransfer, createTransfer } from '../commands/create-transfer.ts';
import { type CreateWithdrawal, createWithdrawal } from '../commands/create-withdrawal.ts';
import { type FreezeAccount, freezeAccount } from '../commands/freeze-account.ts';
import { type RecordInterest, recordInterest } from '../commands/record-interest.ts';
import { type RegisterPerson, registerPerson } from '../commands/register-person.ts';
import { type UnfreezeAccount, unfreezeAccount } from '../commands/unfreeze-account.ts';
import type { PersonalDetails } from '../domain/personal-details.ts';
import { projections } from '../projections/all.ts';

/** The person of the seed's workflow. */
export const ALICE: PersonalDetails = {
  first_name: 'Alice',
  last_name: 'Smith',
  date_of_birth: '1990-05-15',
  nationality: 'US',
  gender: 'FEMALE',
  address: null,
};

export type TestBank = Awaited<ReturnType<typeof createTestBank>>;

/** What several banks share that are processes of one. */
export interface TestBankParts {
  readonly log?: EventStore;
  readonly keys?: KeyStore;
  /** More of what the repository is made of. */
  readonly repository?: Pick<RepositoryOptions, 'snapshots' | 'maxCachedBytes'>;
}

/** For tests: the whole bank in memory, with short ways to its commands. */
export async function createTestBank({
  log = createMemoryEventStore(),
  keys = createMemoryKeyStore(),
  repository: options = {},
}: TestBankParts = {}) {
  const vault = await createVault({ keys, masterKey });
  const repository = createRepository({ store: log, vault, ...options });
  const models = createMemoryReadModelStore();
  for (const projection of projections) await models.prepare(projection);
  const handle = {
    register: registerPerson(repository, vault),
    correct: correctPerson(repository, vault),
    open: createBankAccount(repository),
    freeze: freezeAccount(repository),
    unfreeze: unfreezeAccount(repository),
    close: closeAccount(repository),
    changeLimit: changeOverdraftLimit(repository),
    deposit: createDeposit(repository),
    withdraw: createWithdrawal(repository),
    transfer: createTransfer(repository),
    interest: recordInterest(repository),
    fee: createFee(repository),
    reverse: createReversal(repository, log),
    batch: createBatch(repository),
  };

  return {
    log,
    keys,
    vault,
    models,
    register: (wanted: Partial<RegisterPerson> = {}, context = newContext()) =>
      handle.register(
        { type: 'RegisterPerson', personId: newId(), details: ALICE, today: '2026-11-24', ...wanted },
        context,
      ),
    correct: (
      wanted: Partial<CorrectPerson> & Pick<CorrectPerson, 'personId' | 'changes'>,
      context = newContext(),
    ) => handle.correct({ type: 'CorrectPerson', today: '2026-11-24', ...wanted }, context),
    freeze: (wanted: Partial<FreezeAccount> & { accountId: string }, context = newContext()) =>
      handle.freeze({ type: 'FreezeAccount', status: 'FROZEN', ...wanted }, context),
    unfreeze: (wanted: Partial<UnfreezeAccount> & { accountId: string }, context = newContext()) =>
      handle.unfreeze({ type: 'UnfreezeAccount', ...wanted }, context),
    close: (wanted: Partial<CloseAccount> & { accountId: string }, context = newContext()) =>
      handle.close({ type: 'CloseAccount', ...wanted }, context),
    changeLimit: (wanted: Partial<ChangeOverdraftLimit> & { accountId: string }, context = newContext()) =>
      handle.changeLimit({ type: 'ChangeOverdraftLimit', overdraftLimit: 0, ...wanted }, context),
    open: (wanted: Partial<CreateBankAccount> & { ownerId: string }, context = newContext()) =>
      handle.open(
        { type: 'CreateBankAccount', accountId: newId(), currency: 'USD', overdraftLimit: 500, ...wanted },
        context,
      ),
    deposit: (wanted: Partial<CreateDeposit> & { accountId: string }, context = newContext()) =>
      handle.deposit(
        { type: 'CreateDeposit', transactionId: newId(), amount: 1000, description: null, ...wanted },
        context,
      ),
    withdraw: (wanted: Partial<CreateWithdrawal> & { accountId: string }, context = newContext()) =>
      handle.withdraw(
        { type: 'CreateWithdrawal', transactionId: newId(), amount: 1000, description: null, ...wanted },
        context,
      ),
    transfer: (
      wanted: Partial<CreateTransfer> & { fromAccountId: string; toAccountId: string },
      context = newContext(),
    ) =>
      handle.transfer(
        { type: 'CreateTransfer', transactionId: newId(), amount: 1000, description: null, ...wanted },
        context,
      ),
    interest: (wanted: Partial<RecordInterest> & { accountId: string }, context = newContext()) =>
      handle.interest(
        {
          type: 'RecordInterest',
          transactionId: newId(),
          amount: 10,
          period: '2026-09',
          description: null,
          ...wanted,
        },
        context,
      ),
    fee: (wanted: Partial<CreateFee> & { accountId: string }, context = newContext()) =>
      handle.fee(
        { type: 'CreateFee', transactionId: newId(), amount: 10, description: null, ...wanted },
        context,
      ),
    reverse: (
      wanted: Partial<CreateReversal> & Pick<CreateReversal, 'reversedId' | 'recordedAt'>,
      context = newContext(),
    ) =>
      handle.reverse(
        { type: 'CreateReversal', transactionId: newId(), description: null, ...wanted },
        context,
      ),
    batch: ({ items }: Pick<CreateBatch, 'items'>, context = newContext()) =>
      handle.batch({ type: 'CreateBatch', items }, context),
    /** Brings read models up to the end of the log. */
    async project(...projections: readonly Projection[]) {
      const ending = new AbortController();
      const head = await log.head();
      const behind = new Set(projections.map(({ name }) => name));
      await runProjections({
        reader: log,
        store: models,
        projections,
        signal: ending.signal,
        onNews(news) {
          if ('position' in news && (news.position ?? '') >= (head ?? '')) behind.delete(news.name);
          if (behind.size === 0) ending.abort();
        },
      });
    },
    /** A vault of the same keys that has never seen the person's. */
    async vaultAfterErasing(personId: string) {
      await keys.destroyKey(personId);
      return createVault({ keys, masterKey });
    },
    async recorded(): Promise<readonly RecordedEvent[]> {
      const events: RecordedEvent[] = [];
      for await (const page of log.readAll()) events.push(...page.events);
      return events;
    },
  };
}

/** @param key - an idempotency key */
export function newContext(key?: string): CommandContext {
  const commandId = randomUUID();
  const ids = { commandId, correlationId: commandId, causationId: commandId, actor: undefined };
  if (key === undefined) return ids;
  return { ...ids, idempotency: { claim: `idempotency/somebody/${key}`, requestHash: 'same request' } };
}

const masterKey = randomBytes(32);

let lastId = 0n;

/** 32 hex digits, in the order of their making. */
export function newId(): string {
  lastId += 1n;
  return lastId.toString(16).padStart(32, '0');
}
