import type { BatchItem } from '@openbank/bank';
import { malformed } from './problem.ts';
import type { BatchItemBody } from './schemas/batches.ts';
import {
  depositCommand,
  feeCommand,
  interestCommand,
  transferCommand,
  withdrawalCommand,
} from './transaction-commands.ts';

/**
 * One command for all items of an atomic batch.
 *
 * @throws ProblemError 400 - an item has a key of its own, though none is recorded by itself
 */
export function batchCommand(items: readonly BatchItemBody[]) {
  const withKey = items.flatMap(({ idempotency_key }, index) =>
    idempotency_key === undefined ? [] : [index],
  );
  if (withKey.length > 0) throw malformed(withKey.slice(0, 20).map(noKey));
  return { type: 'CreateBatch', items: items.map(itemCommand) } as const;
}

function noKey(index: number) {
  const message = 'must be left out in an atomic batch: name the whole call by an Idempotency-Key';
  return { field: `items.${index}.idempotency_key`, message };
}

/** The command that an item stands for. */
export function itemCommand(item: BatchItemBody): BatchItem {
  switch (item.type) {
    case 'deposit':
      return depositCommand(item.account_id, item);
    case 'withdrawal':
      return withdrawalCommand(item.account_id, item);
    case 'transfer':
      return transferCommand(item);
    case 'interest':
      return interestCommand(item);
    case 'fee':
      return feeCommand(item);
    default:
      return item satisfies never;
  }
}
