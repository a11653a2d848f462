import { beforeEach, expect, test } from 'vitest';
import { CRATES, cratesVersion } from '../testing/crates.ts';
import { createLiveReader } from './live-reader.ts';
import { createMemoryReadModelStore } from './memory-read-model-store.ts';
import { createProgress, type Progress } from './progress.ts';
import type { Projection } from './projection.ts';
import type { ReadModelReader, ReadModelStore } from './read-model-store.ts';

const V2: Projection = { ...cratesVersion(2), indexes: [...CRATES.indexes, ['kilograms']] };
const V3 = cratesVersion(3);

const ANN = { owner: 'ann', grams: 5_000n, weighings: 1, changed_at: 1n };
const BEHIND = { code: 'read-model-behind', message: expect.stringContaining('crates') };

let store: ReadModelStore;
let progress: Progress;
let reader: ReadModelReader;

beforeEach(async () => {
  store = createMemoryReadModelStore();
  progress = createProgress();
  reader = createLiveReader(store, progress, [V2]);
  await fill(CRATES, ANN);
});

async function fill(model: Projection, fields: typeof ANN & { kilograms?: bigint }): Promise<void> {
  await store.prepare(model);
  const epoch = await store.takeOver(model, 0);
  const changes = [{ id: 'a', from: undefined, revision: 1, fields }];
  await store.apply(model, { partition: 0, after: undefined, position: '1', epoch, changes });
}

const live = (version: number): void => progress.tell({ kind: 'live', name: 'crates', version });

test('answers nothing before a version is filled: it is not empty, it is behind', async () => {
  await store.prepare(V2);
  await expect(reader.get(V2, 'a')).rejects.toMatchObject(BEHIND);
  await expect(reader.find(V2, { limit: 1 })).rejects.toMatchObject(BEHIND);
  await expect(reader.checkpoints(V2)).rejects.toMatchObject(BEHIND);
  await expect(reader.census(V2)).rejects.toMatchObject(BEHIND);
});

test('answers from the version that is asked for as soon as it is live', async () => {
  live(1);
  await fill(V2, { ...ANN, kilograms: 7n });
  expect(await reader.get(V2, 'a')).toMatchObject({ fields: { kilograms: 5n } });
  live(2);
  expect(await reader.get(V2, 'a')).toMatchObject({ fields: { kilograms: 7n } });
  expect(await reader.census(V2)).toEqual({ documents: 1, checkpoint: '1' });
});

test('answers from the previous version, in the shape of the new one, while that is live', async () => {
  live(1);
  const document = { id: 'a', revision: 1, fields: { ...ANN, kilograms: 5n } };
  expect(await reader.get(V2, 'a')).toEqual(document);
  expect(await reader.get(V2, 'b')).toBeUndefined();
  expect(await reader.find(V2, { where: { owner: 'ann' }, limit: 1 })).toEqual({
    documents: [document],
    next: undefined,
  });
  expect(await reader.checkpoints(V2)).toEqual(['1']);
});

test('is behind with a query that the previous version has no index for', async () => {
  live(1);
  await expect(reader.find(V2, { where: { kilograms: 5n }, limit: 1 })).rejects.toMatchObject(BEHIND);
  await fill(V2, { ...ANN, kilograms: 5n });
  live(2);
  expect((await reader.find(V2, { where: { kilograms: 5n }, limit: 1 })).documents).toHaveLength(1);
  await expect(reader.find(V2, { where: { grams: 5n }, limit: 1 })).rejects.toMatchObject({
    code: 'query-refused',
  });
});

test('is behind while a version is live that this program does not know', async () => {
  live(3);
  await expect(reader.get(V2, 'a')).rejects.toMatchObject(BEHIND);
  live(1);
  await expect(createLiveReader(store, progress, [V3]).get(V3, 'a')).rejects.toMatchObject(BEHIND);
});

test('answers nothing while the live version is stored with other fields: its projection has stopped', async () => {
  await fill(V2, { ...ANN, kilograms: 7n });
  live(2);
  const reason = { code: 'read-model-refused', event: undefined, message: 'raise its version' };
  progress.tell({ kind: 'stopped', name: 'crates', version: 2, reason });
  await expect(reader.get(V2, 'a')).rejects.toMatchObject({ code: 'projection-stopped' });
  await expect(reader.find(V2, { limit: 1 })).rejects.toMatchObject({ code: 'projection-stopped' });
});

test('asks the store which version is live until it is told, and then no more', async () => {
  await store.setLive(CRATES);
  expect(await reader.get(V2, 'a')).toMatchObject({ fields: { kilograms: 5n } });
  live(1);
  const asking = { ...store, liveVersion: () => Promise.reject(new Error('nobody should ask')) };
  expect(await createLiveReader(asking, progress, [V2]).get(V2, 'a')).toMatchObject({ id: 'a' });
});
