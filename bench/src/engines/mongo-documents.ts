import type { DocumentChange, DocumentFields, ReadModel } from '@openbank/eventsourcing';
import type { AnyBulkWriteOperation, Document } from 'mongodb';

/** Documents as the bank's are: some text, money, and something that is looked at as a whole. */
export const ACCOUNTS: ReadModel = {
  name: 'bench_accounts',
  version: 1,
  fields: { owner_id: 'text', currency: 'text', balance: 'integer', opened_at: 'text', terms: 'json' },
  indexes: [['owner_id', 'opened_at']],
};

/** As the engine makes it of the model's index. */
export const INDEX = { owner_id: 1, opened_at: 1, _id: 1 } as const;

/** Documents that have the same owner. */
const SAME_OWNER = 200;

/** A batch for the engine, and what whoever uses the driver alone would write for the same documents. */
export interface BothBatches {
  readonly changes: readonly DocumentChange[];
  readonly operations: readonly AnyBulkWriteOperation<Row>[];
}

export interface Row extends Document {
  readonly _id: string;
}

/** Documents in each batch: one half is new, the other one replaces what was new in the batch before. */
export const IN_A_BATCH = 1_000;
const NEW = IN_A_BATCH / 2;

export function createBatches(count: number): readonly BothBatches[] {
  return Array.from({ length: count }, (_, at) => {
    const added = range(at * NEW, NEW).map((index) => changeOf(index, 0));
    // The first batch has nothing to replace: it adds as much again, out of the way.
    const others = at === 0 ? range(count * NEW, NEW) : range((at - 1) * NEW, NEW);
    const changes = [...added, ...others.map((index) => changeOf(index, at === 0 ? 0 : 1))];
    return { changes, operations: changes.map(operationOf) };
  });
}

export function idOf(index: number): string {
  return `account-${String(index).padStart(12, '0')}`;
}

export function ownerOf(index: number): string {
  return `person-${Math.floor(index / SAME_OWNER)}`;
}

function changeOf(index: number, revision: number): DocumentChange {
  return {
    id: idOf(index),
    from: revision === 0 ? undefined : 0,
    revision,
    fields: fieldsOf(index, revision),
  };
}

function fieldsOf(index: number, revision: number): DocumentFields {
  return {
    owner_id: ownerOf(index),
    currency: 'EUR',
    balance: BigInt(index * 100 + revision),
    opened_at: new Date(1_790_000_000_000 + index).toISOString(),
    terms: { overdraft_limit: '0.00', interest: { rate: '0.0125', every: 'month' }, tags: ['a', 'b'] },
  };
}

function operationOf({ id, from, revision, fields }: DocumentChange): AnyBulkWriteOperation<Row> {
  const row = { _id: id, revision, deleted: false, ...fields };
  return from === undefined
    ? { insertOne: { document: row } }
    : { replaceOne: { filter: { _id: id }, replacement: row } };
}

function range(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => from + at);
}
