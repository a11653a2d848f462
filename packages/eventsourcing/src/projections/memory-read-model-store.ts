import type { Position } from '../event.ts';
import { checkDocument } from './document-check.ts';
import { planQuery, type QueryPlan, type Sortable } from './query-plan.ts';
import { changedDeclaration, checkReadModel, displaced, notPrepared, readModelKey } from './read-model.ts';
import type {
  Batch,
  Document,
  DocumentChange,
  FieldValue,
  Page,
  Query,
  ReadModel,
  ReadModelStore,
  StoredDocument,
} from './read-model-store.ts';

interface Kept {
  readonly documents: Map<string, StoredDocument>;
  declaration: string;
  epoch: number;
  position: Position | undefined;
}

/** Read models in memory: for tests, and to say in the fewest words what every store does. */
export function createMemoryReadModelStore(): ReadModelStore {
  const models = new Map<string, Kept>();

  function kept(model: ReadModel): Kept {
    const found = models.get(readModelKey(model));
    if (found) return found;
    throw notPrepared(model);
  }

  return {
    async prepare(model) {
      checkReadModel(model);
      const declaration = JSON.stringify(Object.entries(model.fields).sort());
      const before = models.get(readModelKey(model));
      if (before === undefined) {
        models.set(readModelKey(model), { documents: new Map(), declaration, epoch: 0, position: undefined });
      } else if (before.declaration !== declaration) {
        throw changedDeclaration(model);
      }
    },
    async takeOver(model) {
      return ++kept(model).epoch;
    },
    async load(model, ids) {
      const { documents } = kept(model);
      const found = new Map<string, StoredDocument>();
      for (const id of ids) {
        const document = documents.get(id);
        if (document) found.set(id, copy(document));
      }
      return found;
    },
    async apply(model, batch) {
      applyBatch(model, kept(model), batch);
    },
    async get(model, id) {
      const document = kept(model).documents.get(id);
      return document && !document.deleted ? shown(document) : undefined;
    },
    async find(model, query) {
      return findPage(model, kept(model), query);
    },
    async checkpoint(model) {
      return kept(model).position;
    },
    async close() {},
  };
}

function applyBatch(model: ReadModel, kept: Kept, batch: Batch): void {
  if (batch.epoch !== kept.epoch || batch.after !== kept.position) throw displaced(model);
  const changed: StoredDocument[] = [];
  for (const change of batch.changes) {
    const next = changedDocument(model, kept.documents.get(change.id), change);
    if (next) changed.push(next);
  }
  for (const document of changed) kept.documents.set(document.id, document);
  kept.position = batch.position;
}

function changedDocument(
  model: ReadModel,
  stored: StoredDocument | undefined,
  change: DocumentChange,
): StoredDocument | undefined {
  if (change.fields !== undefined) checkDocument(model, change.id, change.fields);
  if (stored !== undefined && stored.revision >= change.revision) return undefined;
  if (stored?.revision !== change.from) throw displaced(model);
  const deleted = change.fields === undefined;
  return copy({ id: change.id, revision: change.revision, fields: change.fields ?? {}, deleted });
}

function findPage(model: ReadModel, { documents }: Kept, query: Query): Page {
  const plan = planQuery(model, query);
  const order = (a: Place, b: Place): number => (plan.descending ? compare(b, a) : compare(a, b));
  const { after } = plan;
  const matching = [...documents.values()]
    .filter((document) => !document.deleted && matches(plan, document))
    .map((document) => ({ document, id: document.id, value: sortValue(plan, document) }))
    .filter((place) => after === undefined || order(place, after) > 0)
    .sort(order)
    .map(({ document }) => shown(document));
  const page = matching.slice(0, plan.limit);
  const last = page.at(-1);
  return { documents: page, next: last && matching.length > plan.limit ? plan.cursor(last) : undefined };
}

function matches(plan: QueryPlan, document: Document): boolean {
  return plan.where.every(([field, value]) => document.fields[field] === value);
}

interface Place {
  readonly value: Sortable;
  readonly id: string;
}

function sortValue(plan: QueryPlan, document: Document): Sortable {
  const value = document.fields[plan.orderBy];
  return typeof value === 'string' || typeof value === 'bigint' ? value : null;
}

function compare(a: Place, b: Place): number {
  return compareValues(a.value, b.value) || Buffer.from(a.id).compare(Buffer.from(b.id));
}

function compareValues(a: Sortable, b: Sortable): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string') return Buffer.from(a).compare(Buffer.from(b));
  return a < b ? -1 : 1;
}

function shown(document: StoredDocument): Document {
  const { id, revision, fields } = copy(document);
  return { id, revision, fields };
}

/** Nobody's later change to a document that was handed in or out may reach the store. */
function copy(document: StoredDocument): StoredDocument {
  const fields: Record<string, FieldValue> = {};
  for (const [name, value] of Object.entries(document.fields)) {
    fields[name] = copyValue(value);
  }
  return { ...document, fields };
}

function copyValue(value: FieldValue): FieldValue {
  if (typeof value === 'string') return value.toWellFormed();
  return typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value;
}
