import type { FieldType, QueryPlan, ReadModel } from '@openbank/eventsourcing';
import type { Filter, Sort } from 'mongodb';
import type { Row } from './rows.ts';

/** A query that walks along one index. */
export interface Walk {
  readonly filter: Filter<Row>;
  readonly sort: Sort;
}

/** Operators by field: values are never anything but the operands of these. */
type Conditions = Readonly<Record<string, Readonly<Partial<Record<Operator, unknown>>>>>;
type Operator = '$eq' | '$gt' | '$gte' | '$lt';

/** The queries that together list what is asked for, in its order. */
export function walks(model: ReadModel, plan: QueryPlan): readonly Walk[] {
  const filtered: Conditions = Object.fromEntries(
    plan.where.map(([field, value]) => [field, { $eq: value }]),
  );
  const sort = order(plan);
  return stretches(model, plan).map((conditions) => ({
    // The declared indexes hold what is not deleted: only a query that says so uses them.
    filter: { deleted: { $eq: false }, ...filtered, ...conditions },
    sort,
  }));
}

function order({ orderBy, descending }: QueryPlan): Sort {
  const direction = descending ? -1 : 1;
  return orderBy === 'id' ? { _id: direction } : { [orderBy]: direction, _id: direction };
}

/**
 * What is left of the documents after the cursor and in the range, in stretches that lie together in an index. A
 * comparison finds values of its operand's type alone, so null is a stretch of its own, and in no range.
 */
function stretches(model: ReadModel, plan: QueryPlan): readonly Conditions[] {
  const { after, orderBy, descending, range } = plan;
  const bounds = { ...fromBound(plan), ...toBound(plan) };
  if (orderBy === 'id') return [{ _id: { $gte: '', ...bounds, ...past(descending, after?.id) } }];
  if (after === undefined) return range === undefined ? [{}] : [{ [orderBy]: bounds }];
  const ties = { [orderBy]: { $eq: after.value }, _id: past(descending, after.id) };
  if (after.value === null) {
    return descending ? [ties] : [ties, { [orderBy]: { $gte: leastOfType(model.fields[orderBy]) } }];
  }
  // The cursor is in the range: only the bound ahead of it is left to be looked at.
  const ahead = descending ? fromBound(plan) : toBound(plan);
  const rest = { [orderBy]: { ...ahead, ...past(descending, after.value) } };
  return descending && range === undefined ? [ties, rest, { [orderBy]: { $eq: null } }] : [ties, rest];
}

type Bound = { readonly [operator in Operator]?: unknown };

function past(descending: boolean, value: unknown): Bound {
  if (value === undefined) return {};
  return descending ? { $lt: value } : { $gt: value };
}

function fromBound({ range }: QueryPlan): Bound {
  return range?.from === undefined ? {} : { $gte: range.from };
}

function toBound({ range }: QueryPlan): Bound {
  return range?.to === undefined ? {} : { $lt: range.to };
}

function leastOfType(type: FieldType | undefined): string | bigint {
  return type === 'integer' ? -(2n ** 63n) : '';
}
