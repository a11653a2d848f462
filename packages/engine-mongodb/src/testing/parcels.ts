import type {
  Batch,
  DocumentChange,
  DocumentFields,
  ReadModel,
  ReadModelStore,
} from '@openbank/eventsourcing';

/** Documents by stream. */
export const PARCELS: ReadModel = {
  name: 'parcels',
  version: 1,
  fields: { owner: 'text', weight: 'integer', details: 'json' },
  indexes: [['owner'], ['owner', 'weight']],
};

/** Documents in the order of the log. */
export const TOTALS: ReadModel = {
  name: 'totals',
  version: 1,
  order: 'log',
  fields: { weight: 'integer', position: 'text' },
  indexes: [],
};

const NOTHING: DocumentFields = { owner: null, weight: null, details: null };

export function position(sequence: number): string {
  return String(sequence).padStart(16, '0');
}

export function created(id: string, fields: DocumentFields = {}): DocumentChange {
  return { id, from: undefined, revision: 0, fields: { ...NOTHING, ...fields } };
}

export function changed(
  id: string,
  [from, revision]: readonly [from: number, revision: number],
  fields: DocumentFields,
): DocumentChange {
  return { id, from, revision, fields: { ...NOTHING, ...fields } };
}

export function total(id: string, revision: number, weight: bigint): DocumentChange {
  const from = revision === 1 ? undefined : revision - 1;
  return { id, from, revision, fields: { weight, position: position(revision) } };
}

/** Batches of one owner, of partition 0, one after the other from the first. */
export interface Owner {
  readonly epoch: number;
  next(...changes: readonly DocumentChange[]): Batch;
}

/** Prepares a model, takes it over, and goes on from its checkpoint. */
export async function owning(store: ReadModelStore, model: ReadModel): Promise<Owner> {
  await store.prepare(model);
  const epoch = await store.takeOver(model, 0);
  const [checkpoint] = await store.checkpoints(model);
  let sequence = Number(checkpoint ?? 0);
  return {
    epoch,
    next(...changes) {
      const after = sequence === 0 ? undefined : position(sequence);
      return { partition: 0, after, position: position(++sequence), epoch, changes };
    },
  };
}
