import type { Position } from '../event.ts';
import { checkDocument } from './check-document.ts';
import { leastOf, partitionsOf } from './partitions.ts';
import { pageOf, planQuery, type QueryPlan } from './query-plan.ts';
import {
  changedDeclaration,
  checkReadModel,
  displaced,
  notPrepared,
  readModelKey,
  stillLive,
} from './read-model.ts';
import type {
  Batch,
  Document,
  DocumentChange,
  FieldValue,
  ModelVersion,
  Page,
  Query,
  ReadModel,
  ReadModelStore,
  StoredDocument,
} from './read-model-store.ts';
import { compareSortable, isInRange, type Sortable } from './sortable.ts';

interface Kept extends ModelVersion {
  readonly documents: Map<string, StoredDocument>;
  /** What was listed since a document has changed, by filter and order. */
  readonly places: Map<string, readonly Place[]>;
  readonly declaration: string;
  /** Of each partition. */
  readonly checkpoints: (Position | undefined)[];
}

export interface MemoryReadModelStoreOptions {
  /** Default 1. */
  readonly partitions?: number;
}

/** Read models in memory: for tests, and to say in the fewest words what every store does. */
export function createMemoryReadModelStore({
  partitions = 1,
}: MemoryReadModelStoreOptions = {}): ReadModelStore {
  const models = new Map<string, Kept>();
  /** Of each partition. They outlive a dropped version: its last owner has no say in one that is made anew. */
  const epochs = new Map<string, number>();
  const live = new Map<string, number>();

  function kept(model: ReadModel): Kept {
    const found = models.get(readModelKey(model));
    if (found) return found;
    throw notPrepared(model);
  }

  return {
    partitions,
    async prepare(model) {
      checkReadModel(model);
      const declaration = JSON.stringify(Object.entries(model.fields).sort());
      const key = readModelKey(model);
      const before = models.get(key);
      if (before === undefined) {
        const { name, version } = model;
        const checkpoints = Array<undefined>(partitionsOf(model, { partitions })).fill(undefined);
        models.set(key, {
          name,
          version,
          documents: new Map(),
          places: new Map(),
          declaration,
          checkpoints,
        });
      } else if (before.declaration !== declaration) {
        throw changedDeclaration(model);
      }
    },
    async takeOver(model, partition) {
      kept(model);
      const owner = ownerKey(model, partition);
      const epoch = (epochs.get(owner) ?? 0) + 1;
      epochs.set(owner, epoch);
      return epoch;
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
      applyBatch(model, kept(model), epochs.get(ownerKey(model, batch.partition)), batch);
    },
    async get(model, id) {
      const document = kept(model).documents.get(id);
      return document && !document.deleted ? shown(document) : undefined;
    },
    async getMany(model, ids) {
      const { documents } = kept(model);
      const found = new Map<string, Document>();
      for (const id of ids) {
        const document = documents.get(id);
        if (document && !document.deleted) found.set(id, shown(document));
      }
      return found;
    },
    async find(model, query) {
      return findPage(model, kept(model), query);
    },
    async checkpoints(model) {
      return [...kept(model).checkpoints];
    },
    async liveVersion(name) {
      return live.get(name);
    },
    async census(model) {
      const { documents, checkpoints } = kept(model);
      const present = [...documents.values()].filter((document) => !document.deleted);
      return { documents: present.length, checkpoint: leastOf(checkpoints) };
    },
    async faults(model) {
      kept(model);
      return [];
    },
    async setLive(model) {
      live.set(kept(model).name, model.version);
    },
    async versions(name) {
      const those = [...models.values()].filter((model) => model.name === name);
      return those.map(({ version }) => version).sort((a, b) => a - b);
    },
    async drop(model) {
      if (live.get(model.name) === model.version) throw stillLive(model);
      models.delete(readModelKey(model));
    },
    async close() {},
  };
}

const ownerKey = (model: ModelVersion, partition: number): string => `${readModelKey(model)} ${partition}`;

function applyBatch(model: ReadModel, kept: Kept, epoch: number | undefined, batch: Batch): void {
  const { partition, after, position } = batch;
  if (batch.epoch !== epoch || after !== kept.checkpoints[partition]) throw displaced(model);
  const changed: StoredDocument[] = [];
  for (const change of batch.changes) {
    const next = changedDocument(model, kept.documents.get(change.id), change);
    if (next) changed.push(next);
  }
  for (const document of changed) kept.documents.set(document.id, document);
  if (changed.length > 0) kept.places.clear();
  kept.checkpoints[partition] = position;
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

function findPage(model: ReadModel, kept: Kept, query: Query): Page {
  const plan = planQuery(model, query);
  const { range, descending, limit } = plan;
  const places = placesOf(kept, plan);
  const found: Document[] = [];
  for (let at = firstOf(places, plan); found.length <= limit; at += descending ? -1 : 1) {
    const place = places[at];
    if (place === undefined) break;
    if (isInRange(range, plan.orderBy === 'id' ? place.id : place.value)) found.push(shown(place.document));
    else if (found.length > 0) break;
  }
  return pageOf(plan, found);
}

/** The documents that fit the filter, in ascending order: kept until a document changes, since lists are read by pages. */
function placesOf(kept: Kept, plan: QueryPlan): readonly Place[] {
  const filter = plan.where.map(([field, value]) => [field, typeof value, String(value)]);
  const key = JSON.stringify([plan.orderBy, filter]);
  const known = kept.places.get(key);
  if (known !== undefined) return known;
  const places = [...kept.documents.values()]
    .filter((document) => !document.deleted && matches(plan, document))
    .map((document) => ({ document, id: document.id, value: sortValue(plan, document) }))
    .sort(compare);
  kept.places.set(key, places);
  return places;
}

/** Where a page begins: at the end that comes first, or next to the document that the page before has ended with. */
function firstOf(places: readonly Place[], { after, descending }: QueryPlan): number {
  if (after === undefined) return descending ? places.length - 1 : 0;
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const place = places[middle];
    const isBefore = place !== undefined && compare(place, after) < (descending ? 0 : 1);
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  return descending ? low - 1 : low;
}

function matches(plan: QueryPlan, document: Document): boolean {
  return plan.where.every(([field, value]) => document.fields[field] === value);
}

interface Place extends Spot {
  readonly document: StoredDocument;
}

interface Spot {
  readonly value: Sortable;
  readonly id: string;
}

function sortValue(plan: QueryPlan, document: Document): Sortable {
  const value = document.fields[plan.orderBy];
  return typeof value === 'string' || typeof value === 'bigint' ? value : null;
}

function compare(a: Spot, b: Spot): number {
  return compareSortable(a.value, b.value) || compareSortable(a.id, b.id);
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
