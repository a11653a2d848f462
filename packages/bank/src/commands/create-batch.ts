import type { CommandContext, Executed, Handler, OnceOnly, Repository } from '@openbank/eventsourcing';
import { type BatchItemAnswer, batchAnswer } from '../answers/transaction.ts';
import type { BankAccountEvent } from '../domain/account-events.ts';
import { type BankAccountState, bankAccountAggregate } from '../domain/bank-account.ts';
import { isRefusal, malformed, Refusal } from '../domain/refusal.ts';
import { isTransactionRecorded } from '../domain/transaction.ts';
import { type BatchItem, planOf, validateBatchItem } from './batch-item.ts';
import { executePlan, type MovementPlan } from './movement.ts';

/** Transactions that are recorded together or not at all: one commit. */
export interface CreateBatch {
  readonly type: 'CreateBatch';
  /** At least one, each decided on what those before it leave. */
  readonly items: readonly BatchItem[];
}

/** @throws Refusal - the first that an item is refused with, its fields named `items.3.amount` */
export function validateCreateBatch({ items }: CreateBatch): void {
  if (items.length === 0) throw malformed({ field: 'items', message: 'must hold at least one' });
  for (const [index, item] of items.entries()) atItem(index, () => validateBatchItem(item));
}

export function createBatch(
  repository: Repository,
): Handler<CreateBatch, CommandContext, Executed<readonly BatchItemAnswer[]>> {
  return async ({ items }, context) => {
    const made = { answer: batchAnswer, resourceId: items[0]?.transactionId ?? '' };
    return executePlan(repository, planBatch(items), made, context);
  };
}

function planBatch(items: readonly BatchItem[]): MovementPlan {
  const plans = items.map((item, index) => atItem(index, () => planOf(item)));
  const accountIds = [...new Set(plans.flatMap((plan) => plan.accountIds))];
  const decide: MovementPlan['decide'] = (accountOf) => decideAll(plans, accountIds, accountOf);
  return { accountIds, decide, claims: claimsOf(plans) };
}

/** Decides item by item, each on the accounts as the ones before it leave them. */
function decideAll(
  plans: readonly MovementPlan[],
  accountIds: readonly string[],
  accountOf: (id: string) => BankAccountState,
): readonly (readonly BankAccountEvent[])[] {
  const accounts = new Map<string, BankAccountState>();
  const decided = new Map<string, BankAccountEvent[]>(accountIds.map((id) => [id, []]));
  const current = (id: string) => accounts.get(id) ?? accountOf(id);
  for (const [index, plan] of plans.entries()) {
    const events = atItem(index, () => plan.decide(current));
    for (const [at, id] of plan.accountIds.entries()) {
      for (const event of events[at] ?? []) {
        accounts.set(id, bankAccountAggregate.evolve(current(id), event));
        decided.get(id)?.push(withItem(event, index));
      }
    }
  }
  return accountIds.map((id) => decided.get(id) ?? []);
}

function withItem(event: BankAccountEvent, index: number): BankAccountEvent {
  if (!isTransactionRecorded(event)) return event;
  return {
    ...event,
    data: { ...event.data, transaction: { ...event.data.transaction, batch_item: index } },
  };
}

/** The claims of all items, whose refusals name their item. @throws Refusal - two items want the same */
function claimsOf(plans: readonly MovementPlan[]): readonly OnceOnly[] {
  const claims = new Map<string, OnceOnly>();
  for (const [index, plan] of plans.entries()) {
    for (const { claim, taken } of plan.claims ?? []) {
      if (claims.has(claim)) throw named(index, taken());
      claims.set(claim, { claim, taken: () => named(index, taken()) });
    }
  }
  return [...claims.values()];
}

function atItem<Result>(index: number, act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw named(index, error);
  }
}

/** A refusal with its fields as the batch names them; what is none stays as it is. */
function named(index: number, error: unknown): Error {
  if (!isRefusal(error)) return error instanceof Error ? error : new Error(String(error));
  const { kind, code, message, fields } = error;
  const inBatch = fields.map((each) => ({ ...each, field: `items.${index}.${each.field}` }));
  return new Refusal(kind, code, `Item ${index}: ${message}`, inBatch);
}
