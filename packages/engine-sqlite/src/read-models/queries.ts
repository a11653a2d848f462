import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  type Census,
  type Document,
  type Page,
  type Position,
  planQuery,
  type Query,
  type QueryPlan,
  type ReadModel,
  readModelKey,
} from '@openbank/eventsourcing';
import { documentOf, type Row } from './documents.ts';

/** The reading statements of one model on one connection, prepared once. */
export interface TableReader {
  get(id: string): Document | undefined;
  getMany(ids: readonly string[]): ReadonlyMap<string, Document>;
  find(query: Query): Page;
  checkpoint(): Position | undefined;
  /** Counts one by one: as long as the table is large. */
  census(): Census;
  /** Looks at each row and at its entry in each index. */
  faults(): readonly string[];
}

/** A statement that walks along one index, and what is bound to it; the limit is bound last. */
export interface Walk {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

const CHECKPOINT = 'SELECT position FROM checkpoints WHERE model = ? AND version = ?';

export function createTableReader(database: DatabaseSync, model: ReadModel): TableReader {
  const byId = `${selectFrom(model)} AND id = ?`;
  // One statement is one read transaction: a third of the cost of as many single look-ups.
  const byIds = `SELECT d.* FROM json_each(?) wanted CROSS JOIN "${readModelKey(model)}" d ON d.id = wanted.value
    WHERE d.deleted = 0`;
  const count = `
    SELECT count(*) AS documents, (${CHECKPOINT}) AS position
    FROM "${readModelKey(model)}" WHERE deleted = 0`;
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
    getMany(ids) {
      const rows = statement(byIds).all(JSON.stringify(ids));
      return new Map(rows.map((row) => [String(row.id), documentOf(model, row)]));
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
    checkpoint() {
      return positionOf(statement(CHECKPOINT).get(model.name, model.version));
    },
    census() {
      const row = statement(count).get(model.name, model.version);
      return { documents: Number(row?.documents), checkpoint: positionOf(row) };
    },
    faults() {
      const found = statement(`PRAGMA integrity_check("${readModelKey(model)}")`).all();
      return found.map((row) => String(row.integrity_check)).filter((what) => what !== 'ok');
    },
  };
}

function positionOf(row: Row | undefined): Position | undefined {
  return typeof row?.position === 'string' ? row.position : undefined;
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
