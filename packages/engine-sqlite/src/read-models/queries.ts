import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import {
  type Census,
  type Document,
  type Page,
  type Position,
  pageOf,
  planQuery,
  type Query,
  type QueryPlan,
  type ReadModel,
  readModelKey,
} from '@openbank/eventsourcing';
import { documentOf, type Row } from './documents.ts';
import { isInRuns, newestRunOf, RUN_COLUMN } from './runs.ts';
import { selectFrom, type Walk, walks, walksAlongRuns } from './walks.ts';

/** The reading half of one model on one connection, its statements prepared once. */
export interface TableReader {
  get(id: string): Document | undefined;
  getMany(ids: readonly string[]): ReadonlyMap<string, Document>;
  find(query: Query): Page;
  checkpoint(): Position | undefined;
  /** Counts one by one: as long as the table is large. */
  census(): Census;
  /** Looks at each row and at its entry in each index, and for ids that stand in two runs: no key forbids that. */
  faults(): readonly string[];
}

const CHECKPOINT = 'SELECT position FROM checkpoints WHERE model = ? AND version = ?';

/** Reads many by their ids. One statement is one read transaction: a third of the cost of as many single look-ups. */
type ReadMany = (ids: readonly string[]) => ReadonlyMap<string, Document>;

export function createTableReader(database: DatabaseSync, model: ReadModel): TableReader {
  const inRuns = isInRuns(database, model);
  const byId = `${selectFrom(model)} AND id = ?`;
  const byIds = `SELECT d.* FROM json_each(?) wanted CROSS JOIN "${readModelKey(model)}" d ON d.id = wanted.value
    WHERE d.deleted = 0`;
  const count = `
    SELECT count(*) AS documents, (${CHECKPOINT}) AS position
    FROM "${readModelKey(model)}" WHERE deleted = 0`;
  const twiceThere = `SELECT count(*) AS documents FROM (
    SELECT 1 FROM "${readModelKey(model)}" GROUP BY id HAVING count(*) > 1)`;
  const statements = createStatements(database);
  const { statement } = statements;
  let runs = 0;

  /** How many runs there are. Lists along fewer are not asked any more. */
  function countRuns(): number {
    const { run } = statement(newestRunOf(model)).get() ?? {};
    const counted = Number(run ?? 0) + 1;
    if (counted !== runs) statements.forget();
    runs = counted;
    return counted;
  }

  function documentsOf(sql: string, ...values: readonly SQLInputValue[]): readonly Document[] {
    return statement(sql)
      .all(...values)
      .map((row) => documentOf(model, row));
  }

  const readMany: ReadMany = (ids) => byTheirIds(documentsOf(byIds, JSON.stringify(ids)));
  const readManyInRuns = createRunSearch(countRuns, (run, ids) =>
    documentsOf(`${byIds} AND d.${RUN_COLUMN} = ?`, JSON.stringify(ids), run),
  );

  function getManyInRuns(ids: readonly string[]): ReadonlyMap<string, Document> {
    return atOneMoment(database, () => readManyInRuns(ids));
  }

  function page(plan: QueryPlan, statementsOf: readonly Walk[]): Page {
    const documents: Document[] = [];
    for (const { sql, values } of statementsOf) {
      // One more than is shown tells whether there is a next page.
      const wanted = plan.limit + 1 - documents.length;
      if (wanted === 0) break;
      documents.push(...documentsOf(sql, ...values, wanted));
    }
    return pageOf(plan, documents);
  }

  return {
    get: inRuns ? (id) => getManyInRuns([id]).get(id) : (id) => documentsOf(byId, id)[0],
    getMany: inRuns ? getManyInRuns : readMany,
    find(query) {
      const plan = planQuery(model, query);
      if (inRuns) return atOneMoment(database, () => page(plan, walksAlongRuns(model, plan, countRuns())));
      const several = walks(model, plan);
      // What changes between two walks could be in neither of them.
      return several.length > 1 ? atOneMoment(database, () => page(plan, several)) : page(plan, several);
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
      const faults = found.map((row) => String(row.integrity_check)).filter((what) => what !== 'ok');
      const twice = inRuns ? Number(statement(twiceThere).get()?.documents) : 0;
      return twice === 0 ? faults : [...faults, `${twice} of its documents are in several runs.`];
    },
  };
}

/**
 * Looks for documents in one run after the other. Whoever asks for many, asks for documents of one time: so the run in
 * which some were found last, and the one after it, are looked at before all others.
 */
function createRunSearch(
  countRuns: () => number,
  lookIn: (run: number, ids: readonly string[]) => readonly Document[],
): ReadMany {
  let last = 0;
  return (ids) => {
    const runs = countRuns();
    const likely = [last, last + 1].filter((run) => run < runs);
    const others = Array.from({ length: runs }, (_, at) => runs - 1 - at).filter(
      (run) => !likely.includes(run),
    );
    const found = new Map<string, Document>();
    let wanted = ids;
    for (const run of [...likely, ...others]) {
      if (wanted.length === 0) break;
      const here = lookIn(run, wanted);
      if (here.length === 0) continue;
      last = run;
      for (const document of here) found.set(document.id, document);
      wanted = wanted.filter((id) => !found.has(id));
    }
    return found;
  };
}

interface Statements {
  statement(sql: string): StatementSync;
  forget(): void;
}

function createStatements(database: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>();
  return {
    statement(sql) {
      let known = prepared.get(sql);
      if (known === undefined) {
        known = database.prepare(sql);
        known.setReadBigInts(true);
        prepared.set(sql, known);
      }
      return known;
    },
    forget: () => prepared.clear(),
  };
}

/** All that the work reads is of one moment. */
function atOneMoment<Result>(database: DatabaseSync, work: () => Result): Result {
  if (database.isTransaction) return work();
  database.exec('BEGIN');
  try {
    return work();
  } finally {
    if (database.isTransaction) database.exec('COMMIT');
  }
}

function byTheirIds(documents: readonly Document[]): ReadonlyMap<string, Document> {
  return new Map(documents.map((document) => [document.id, document]));
}

function positionOf(row: Row | undefined): Position | undefined {
  return typeof row?.position === 'string' ? row.position : undefined;
}
