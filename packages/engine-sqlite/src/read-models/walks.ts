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

/** The statements that together list what a query asks for, in its order. */
export function walks(model: ReadModel, plan: QueryPlan): readonly Walk[] {
  return stretchesOf(plan).map(({ condition, values }) => ({
    sql: `${selectFrom(model)}${condition}${order(plan)} LIMIT ?`,
    values,
  }));
}

/**
 * The same for a model in so many runs. SQLite merges a walk along the index of each run, and takes from each no more than
 * it shows. Only what stands in the index is merged, and the rows of what is shown are looked up afterwards: a third of
 * the cost of merging rows, and it reads no row of a run of which nothing is shown.
 */
export function walksAlongRuns(model: ReadModel, plan: QueryPlan, runs: number): readonly Walk[] {
  const table = `"${readModelKey(model)}"`;
  const columns = ['id', 'revision', ...Object.keys(model.fields)]
    .map((name) => `d.${quoted(name)}`)
    .join(', ');
  const keys = `SELECT ${[...sortedBy(plan), '_rowid_ AS _row'].join(', ')} FROM ${table} WHERE deleted = 0`;
  return stretchesOf(plan).map(({ condition, values }) => {
    const same = numbered(condition);
    const each = Array.from({ length: runs }, (_, run) => `${keys}${same} AND ${RUN_COLUMN} = ${run}`);
    const inOrder = `${order(plan)} LIMIT ?${values.length + 1}`;
    return {
      sql: `SELECT ${columns} FROM (${merged(each, inOrder)}) k
        CROSS JOIN ${table} d ON d._rowid_ = k._row${order(plan, 'd.')}`,
      values,
    };
  });
}

/** With parameters that are bound once, however often they are named. */
function numbered(condition: string): string {
  let parameters = 0;
  return condition.replaceAll('?', () => `?${++parameters}`);
}

function merged(selects: readonly string[], inOrder: string): string {
  if (selects.length <= MOST_TERMS) return `${selects.join(' UNION ALL ')}${inOrder}`;
  const parts: string[] = [];
  for (let at = 0; at < selects.length; at += MOST_TERMS) {
    parts.push(`SELECT * FROM (${merged(selects.slice(at, at + MOST_TERMS), inOrder)})`);
  }
  return merged(parts, inOrder);
}

/** With the filter. */
function stretchesOf(plan: QueryPlan): readonly Stretch[] {
  const filter = plan.where.map(([field]) => ` AND ${quoted(field)} IS ?`).join('');
  const filtered = plan.where.map(([, value]) => value);
  return stretches(plan).map(({ condition, values }) => ({
    condition: `${filter}${condition}`,
    values: [...filtered, ...values],
  }));
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

function order(plan: QueryPlan, of = ''): string {
  const direction = plan.descending ? 'DESC' : 'ASC';
  return ` ORDER BY ${sortedBy(plan)
    .map((column) => `${of}${column} ${direction}`)
    .join(', ')}`;
}

function sortedBy({ orderBy }: QueryPlan): readonly string[] {
  return orderBy === 'id' ? ['id'] : [quoted(orderBy), 'id'];
}

function quoted(identifier: string): string {
  return `"${identifier}"`;
}
