import type { SQLInputValue } from 'node:sqlite';
import { type QueryPlan, type ReadModel, readModelKey } from '@openbank/eventsourcing';
import { RUN_COLUMN } from './runs.ts';

/** A statement that walks along one index, and what is bound to it; the limit is bound last. */
export interface Walk {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** Of the terms of one SELECT SQLite takes 500: https://sqlite.org/limits.html */
const MOST_TERMS = 400;

/**
 * The statements that together list what a query asks for, in its order.
 *
 * @param runs - of a model in runs: how many there are. SQLite then merges a walk along each of them, and takes from each
 *   no more than it shows
 */
export function walks(model: ReadModel, plan: QueryPlan, runs?: number): readonly Walk[] {
  const filter = plan.where.map(([field]) => ` AND ${quoted(field)} IS ?`).join('');
  const filtered = plan.where.map(([, value]) => value);
  return stretches(plan).map(({ condition, values }) => {
    const one = `${selectFrom(model)}${filter}${condition}`;
    const bound = [...filtered, ...values];
    if (runs === undefined) return { sql: `${one}${order(plan)} LIMIT ?`, values: bound };
    const each = Array.from({ length: runs }, (_, run) => `${one} AND ${RUN_COLUMN} = ${run}`);
    return { sql: `${merged(each, plan)} LIMIT ?`, values: each.flatMap(() => bound) };
  });
}

function merged(selects: readonly string[], plan: QueryPlan): string {
  if (selects.length <= MOST_TERMS) return `${selects.join(' UNION ALL ')}${order(plan)}`;
  const parts: string[] = [];
  for (let at = 0; at < selects.length; at += MOST_TERMS) {
    const some = selects.slice(at, at + MOST_TERMS);
    parts.push(`SELECT * FROM (${merged(some, plan)} LIMIT ${plan.limit + 1})`);
  }
  return merged(parts, plan);
}

export function selectFrom(model: ReadModel): string {
  const columns = ['id', 'revision', ...Object.keys(model.fields).map(quoted)].join(', ');
  return `SELECT ${columns} FROM "${readModelKey(model)}" WHERE deleted = 0`;
}

/** Rows that lie together in an index. */
interface Stretch {
  readonly condition: string;
  readonly values: readonly SQLInputValue[];
}

/**
 * What is left of the rows after the cursor and in the range. NULL is smaller than everything in an index and neither
 * smaller nor greater in a comparison: it is a stretch of its own, and in no range.
 */
function stretches(plan: QueryPlan): readonly Stretch[] {
  const { after, orderBy, descending, range } = plan;
  if (after === undefined) return [conditions(fromBound(plan), toBound(plan))];
  const than = descending ? '<' : '>';
  const field = quoted(orderBy);
  // The cursor is in the range: only the bound ahead of it is left to be looked at.
  const ahead = descending ? fromBound(plan) : toBound(plan);
  if (orderBy === 'id') return [conditions([`id ${than} ?`, after.id], ahead)];
  if (after.value === null) {
    const nulls = conditions([`${field} IS NULL AND id ${than} ?`, after.id]);
    return descending ? [nulls] : [nulls, conditions([`${field} IS NOT NULL`])];
  }
  const valued = conditions([`(${field}, id) ${than} (?, ?)`, after.value, after.id], ahead);
  return descending && range === undefined ? [valued, conditions([`${field} IS NULL`])] : [valued];
}

type Condition = readonly [sql: string, ...values: SQLInputValue[]];

function fromBound({ orderBy, range }: QueryPlan): Condition | undefined {
  return range?.from === undefined ? undefined : [`${quoted(orderBy)} >= ?`, range.from];
}

function toBound({ orderBy, range }: QueryPlan): Condition | undefined {
  return range?.to === undefined ? undefined : [`${quoted(orderBy)} < ?`, range.to];
}

function conditions(...all: readonly (Condition | undefined)[]): Stretch {
  const given = all.filter((condition) => condition !== undefined);
  return {
    condition: given.map(([sql]) => ` AND ${sql}`).join(''),
    values: given.flatMap(([, ...values]) => values),
  };
}

function order({ orderBy, descending }: QueryPlan): string {
  const direction = descending ? 'DESC' : 'ASC';
  const fields = orderBy === 'id' ? ['id'] : [quoted(orderBy), 'id'];
  return ` ORDER BY ${fields.map((field) => `${field} ${direction}`).join(', ')}`;
}

function quoted(identifier: string): string {
  return `"${identifier}"`;
}
