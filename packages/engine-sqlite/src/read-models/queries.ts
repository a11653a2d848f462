import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  type Document,
  type Page,
  planQuery,
  type Query,
  type QueryPlan,
  type ReadModel,
  readModelKey,
} from '@openbank/eventsourcing';
import { documentOf } from './documents.ts';

/** The reading statements of one model on one connection, prepared once. */
export interface TableReader {
  get(id: string): Document | undefined;
  find(query: Query): Page;
}

/** A statement that walks along one index, and what is bound to it; the limit is bound last. */
export interface Walk {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

export function createTableReader(database: DatabaseSync, model: ReadModel): TableReader {
  const byId = `${selectFrom(model)} AND id = ?`;
  const prepared = new Map<string, StatementSync>();

  function statement(sql: string): StatementSync {
    let known = prepared.get(sql);
    if (known === undefined) {
      known = database.prepare(sql);
      known.setReadBigInts(true);
      prepared.set(sql, known);
    }
    return known;
  }

  return {
    get(id) {
      const row = statement(byId).get(id);
      return row && documentOf(model, row);
    },
    find(query) {
      const plan = planQuery(model, query);
      const documents: Document[] = [];
      for (const { sql, values } of walks(model, plan)) {
        // One more than is shown tells whether there is a next page.
        const wanted = plan.limit + 1 - documents.length;
        if (wanted === 0) break;
        for (const row of statement(sql).all(...values, wanted)) documents.push(documentOf(model, row));
      }
      const page = documents.slice(0, plan.limit);
      const last = page.at(-1);
      return { documents: page, next: last && documents.length > plan.limit ? plan.cursor(last) : undefined };
    },
  };
}

/** The statements that together list what a query asks for, in its order. */
export function walks(model: ReadModel, plan: QueryPlan): readonly Walk[] {
  const filter = plan.where.map(([field]) => ` AND ${quoted(field)} IS ?`).join('');
  const filtered = plan.where.map(([, value]) => value);
  return stretches(plan).map(({ condition, values }) => ({
    sql: `${selectFrom(model)}${filter}${condition}${order(plan)} LIMIT ?`,
    values: [...filtered, ...values],
  }));
}

function selectFrom(model: ReadModel): string {
  const columns = ['id', 'revision', ...Object.keys(model.fields).map(quoted)].join(', ');
  return `SELECT ${columns} FROM "${readModelKey(model)}" WHERE deleted = 0`;
}

/** Rows that lie together in an index. */
interface Stretch {
  readonly condition: string;
  readonly values: readonly SQLInputValue[];
}

/**
 * What is left of the rows after the cursor. NULL is smaller than everything in an index and neither smaller nor greater
 * in a comparison: it is a stretch of its own.
 */
function stretches({ after, orderBy, descending }: QueryPlan): readonly Stretch[] {
  if (after === undefined) return [{ condition: '', values: [] }];
  const than = descending ? '<' : '>';
  if (orderBy === 'id') return [{ condition: ` AND id ${than} ?`, values: [after.id] }];
  const field = quoted(orderBy);
  if (after.value === null) {
    const nulls = { condition: ` AND ${field} IS NULL AND id ${than} ?`, values: [after.id] };
    return descending ? [nulls] : [nulls, { condition: ` AND ${field} IS NOT NULL`, values: [] }];
  }
  const valued = { condition: ` AND (${field}, id) ${than} (?, ?)`, values: [after.value, after.id] };
  return descending ? [valued, { condition: ` AND ${field} IS NULL`, values: [] }] : [valued];
}

function order({ orderBy, descending }: QueryPlan): string {
  const direction = descending ? 'DESC' : 'ASC';
  const fields = orderBy === 'id' ? ['id'] : [quoted(orderBy), 'id'];
  return ` ORDER BY ${fields.map((field) => `${field} ${direction}`).join(', ')}`;
}

function quoted(identifier: string): string {
  return `"${identifier}"`;
}
