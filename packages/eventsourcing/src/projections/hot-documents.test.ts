import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, expect, test } from 'vitest';
import { createHotDocuments, type HotDocumentsOptions } from './hot-documents.ts';
import { createMemoryReadModelStore } from './memory-read-model-store.ts';
import { partitionOf } from './partitions.ts';
import { createProgress, type Progress } from './progress.ts';
import type { Document, ReadModel, ReadModelReader, ReadModelStore } from './read-model-store.ts';
import { waitUntil } from './wait-until.ts';

const MODEL: ReadModel = { name: 'boxes', version: 1, fields: { weight: 'integer' }, indexes: [] };
const PARTITIONS = 4;

let store: ReadModelStore;
let progress: Progress;
let reads: string[];
let epochs: number[];
let sequence: number;
/** Reads of documents, by id. */
let reader: ReadModelReader;

beforeEach(async () => {
  store = createMemoryReadModelStore({ partitions: PARTITIONS });
  progress = createProgress();
  reads = [];
  sequence = 0;
  await store.prepare(MODEL);
  epochs = [];
  for (let partition = 0; partition < PARTITIONS; partition++) {
    epochs.push(await store.takeOver(MODEL, partition));
    await write(partition);
  }
  progress.tell({ kind: 'live', name: 'boxes', version: 1 });
  reader = {
    ...store,
    get(model, id) {
      reads.push(id);
      return store.get(model, id);
    },
  };
});

const position = (at: number): string => String(at).padStart(8, '0');

/** One event further, of one document or none; what it takes until that is heard of comes in between. */
async function write(partition: number, id?: string, untilHeard: () => Promise<void> = async () => {}) {
  const after = (await store.checkpoints(MODEL))[partition];
  const before = id === undefined ? undefined : await store.get(MODEL, id);
  const at = position(++sequence);
  const revision = before === undefined ? 0 : before.revision + 1;
  const changes =
    id === undefined ? [] : [{ id, from: before?.revision, revision, fields: { weight: BigInt(sequence) } }];
  await store.apply(MODEL, { partition, after, position: at, epoch: epochs[partition] ?? 0, changes });
  await untilHeard();
  const news = { name: 'boxes', version: 1, partition: { index: partition, of: PARTITIONS } };
  progress.tell({ kind: 'moved', position: at, ...news });
}

const hot = (options: Partial<HotDocumentsOptions> = {}) =>
  createHotDocuments({ reader, progress, bytes: 100_000, ...options });

test('is answered from memory while nothing is heard of its read model', async () => {
  await write(0, 'a');
  const documents = hot();
  const first = await documents.get(MODEL, 'a');
  expect(await documents.get(MODEL, 'a')).toBe(first);
  expect(reads).toEqual(['a']);
});

test('is read again after any news of its read model', async () => {
  await write(0, 'a');
  const documents = hot();
  await documents.get(MODEL, 'a');
  await write(0, 'a');
  expect(await documents.get(MODEL, 'a')).toMatchObject({ revision: 1 });
  await write(3);
  await documents.get(MODEL, 'a');
  expect(reads).toHaveLength(3);
});

test('is read again after news of its partition alone, where its stream is known', async () => {
  const own = partitionOf('box-a', PARTITIONS);
  const documents = hot({ streamOf: (_, id) => `box-${id}` });
  await write(own, 'a');
  await documents.get(MODEL, 'a');
  await write((own + 1) % PARTITIONS);
  await documents.get(MODEL, 'a');
  expect(reads).toHaveLength(1);
  await write(own, 'a');
  expect(await documents.get(MODEL, 'a')).toMatchObject({ revision: 1 });
});

test('is read each time where it is off, not there, or of a version that is not live', async () => {
  await write(0, 'a');
  const off = hot({ bytes: 0 });
  await off.get(MODEL, 'a');
  await off.get(MODEL, 'a');
  const documents = hot();
  await documents.get(MODEL, 'nobody');
  await documents.get(MODEL, 'nobody');
  const second = { ...MODEL, version: 2 };
  await store.prepare(second);
  await documents.get(second, 'b');
  await documents.get(second, 'b');
  expect(reads).toEqual(['a', 'a', 'nobody', 'nobody', 'b', 'b']);
});

test('is read again after a while, also where no news come', async () => {
  await write(0, 'a');
  const documents = hot({ longest: 5 });
  await documents.get(MODEL, 'a');
  await sleep(20);
  await documents.get(MODEL, 'a');
  expect(reads).toHaveLength(2);
});

test('is read once for all who ask at once, and anew by those who ask after news', async () => {
  await write(0, 'a');
  const arrived = Promise.withResolvers<void>();
  const documents = hot({
    reader: {
      ...reader,
      async get(model, id) {
        const found = await reader.get(model, id);
        if (reads.length === 1) await arrived.promise;
        return found;
      },
    },
  });
  const early = [documents.get(MODEL, 'a'), documents.get(MODEL, 'a')];
  await write(0, 'a');
  expect((await documents.get(MODEL, 'a'))?.revision).toBe(1);
  arrived.resolve();
  for (const document of await Promise.all(early)) expect(document?.revision).toBe(0);
  expect(await documents.get(MODEL, 'a')).toMatchObject({ revision: 1 });
});

test('that cannot be read is asked for again by the next', async () => {
  await write(0, 'a');
  let failures = 1;
  const failing: ReadModelReader = {
    ...reader,
    get: (model, id) => (failures-- > 0 ? Promise.reject(new Error('away')) : reader.get(model, id)),
  };
  const documents = hot({ reader: failing });
  await expect(documents.get(MODEL, 'a')).rejects.toThrow('away');
  expect(await documents.get(MODEL, 'a')).toBeDefined();
});

test('makes room for others: no more is kept than there is room for', async () => {
  const documents = hot({ bytes: 5_000 });
  const ids = Array.from({ length: 100 }, (_, index) => `box-${index}`);
  for (const id of ids) await write(0, id);
  for (const id of ids) await documents.get(MODEL, id);
  reads.length = 0;
  for (const id of ids) await documents.get(MODEL, id);
  expect(reads.length).toBeGreaterThan(80);
});

test('is never older than the position that was waited for, whoever writes meanwhile', async () => {
  const ids = ['a', 'b', 'c'];
  const slow: ReadModelReader = {
    ...store,
    async get(model, id) {
      const found: Document | undefined = await store.get(model, id);
      // The answer is on its way for a while: what is written meanwhile is not in it.
      for (let turns = reads.push(id) % 7; turns > 0; turns--) await setImmediate();
      return found;
    },
  };
  const documents = hot({ reader: slow, streamOf: (_, id) => (id === 'c' ? undefined : `box-${id}`) });
  const written = new Map<string, { readonly position: string; readonly revision: number }>();
  let done = false;
  async function writer(): Promise<void> {
    for (let round = 0; round < 600; round++) {
      const id = ids[round % ids.length] ?? '';
      await write(partitionOf(`box-${id}`, PARTITIONS), id, async () => {
        for (let turns = round % 3; turns > 0; turns--) await setImmediate();
      });
      written.set(id, { position: position(sequence), revision: Math.floor(round / ids.length) });
      if (round % 5 === 0) await setImmediate();
    }
    done = true;
  }
  async function asker(id: string): Promise<void> {
    while (!done) {
      const asked = written.get(id);
      if (asked !== undefined) {
        await waitUntil(
          progress,
          [{ name: 'boxes', streamPrefix: 'box-' }],
          asked.position,
          1_000,
          `box-${id}`,
        );
        const found = await documents.get(MODEL, id);
        expect(found?.revision).toBeGreaterThanOrEqual(asked.revision);
      }
      await setImmediate();
    }
  }
  await Promise.all([writer(), ...ids.flatMap((id) => [asker(id), asker(id), asker(id)])]);
  expect(reads.length).toBeGreaterThan(0);
});
