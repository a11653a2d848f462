import { cpSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Census,
  type Document,
  type DocumentChange,
  EventSourcingError,
  type ReadModel,
} from '@openbank/eventsourcing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { flipBit, offsetsIn } from '../testing/files.ts';
import { openSqliteReadModelReader } from './sqlite-read-model-reader.ts';
import { openSqliteReadModelStore } from './sqlite-read-model-store.ts';

const PARCELS: ReadModel = {
  name: 'parcels',
  version: 1,
  fields: { owner: 'text', weight: 'integer', details: 'json' },
  indexes: [['owner'], ['owner', 'weight']],
};
const BATCHES = 4;

let directory: string;
let sound: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-damaged-read-models-'));
  sound = join(directory, 'sound');
  file = join(directory, 'copy', 'read-models.db');
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Fills the sound files. Not closed, what was written last is in the write-ahead log alone. */
async function fill(): Promise<() => Promise<void>> {
  const store = openSqliteReadModelStore({ directory: sound });
  await store.prepare(PARCELS);
  await store.setLive(PARCELS);
  const epoch = await store.takeOver(PARCELS, 0);
  for (let batch = 1; batch <= BATCHES; batch++) {
    const after = batch === 1 ? undefined : String(batch - 1);
    await store.apply(PARCELS, {
      partition: 0,
      after,
      position: String(batch),
      epoch,
      changes: changes(batch),
    });
  }
  return () => store.close();
}

/** The hundred documents as a batch leaves them. */
function changes(batch: number): readonly DocumentChange[] {
  return Array.from({ length: 100 }, (_, i) => ({
    id: `parcel-${i}`,
    from: batch === 1 ? undefined : batch - 2,
    revision: batch - 1,
    fields: { owner: `owner-${i % 7}`, weight: BigInt(batch * 1_000 + i), details: { batch } },
  }));
}

function copy(): void {
  rmSync(join(directory, 'copy'), { recursive: true, force: true });
  cpSync(sound, join(directory, 'copy'), { recursive: true });
  // Another process would not find the running one's.
  rmSync(`${file}-shm`, { force: true });
}

interface Served {
  readonly documents: readonly Document[];
  readonly census: Census;
}

/** What queries are answered, or the error; any other error than one of the kit fails the test. */
async function served(): Promise<Served | EventSourcingError> {
  return orError(async () => {
    const reader = openSqliteReadModelReader({ directory: join(directory, 'copy') });
    try {
      await reader.find(PARCELS, { where: { owner: 'owner-3' }, limit: 200 });
      await reader.liveVersion('parcels');
      const { documents } = await reader.find(PARCELS, { limit: 200 });
      return { documents, census: await reader.census(PARCELS) };
    } finally {
      await reader.close();
    }
  });
}

/** What the projections come to: they load what is there, and apply the next batch. */
async function written(): Promise<string | EventSourcingError> {
  return orError(async () => {
    const store = openSqliteReadModelStore({ directory: join(directory, 'copy') });
    try {
      await store.prepare(PARCELS);
      const epoch = await store.takeOver(PARCELS, 0);
      const [after] = await store.checkpoints(PARCELS);
      await store.load(
        PARCELS,
        changes(1).map(({ id }) => id),
      );
      await store.apply(PARCELS, {
        partition: 0,
        after,
        position: '9',
        epoch,
        changes: changes(BATCHES + 1),
      });
      return 'written';
    } finally {
      await store.close();
    }
  });
}

async function orError<Result>(work: () => Promise<Result>): Promise<Result | EventSourcingError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EventSourcingError) return error;
    const { code }: { code?: unknown } = Object(error);
    // A declaration with a flipped bit is another one.
    if (code === 'read-model-refused') return new EventSourcingError('store-damaged', MAKE_ANEW);
    throw error;
  }
}

const MAKE_ANEW = 'delete read-models.db*, and start: it is made again from the log';

function expectAdvice(error: EventSourcingError): void {
  expect(error).toMatchObject({ code: 'store-damaged', message: expect.stringContaining(MAKE_ANEW) });
}

describe('a bit that is flipped in read-models.db', () => {
  test('is told as damage by whoever meets it, with what to do, and by no other error', async () => {
    await (await fill())();
    copy();
    let met = 0;
    for (const [index, offset] of offsetsIn(file, 250).entries()) {
      copy();
      flipBit(file, offset, index % 8);
      const read = await served();
      if (read instanceof EventSourcingError) expectAdvice(read);
      const write = await written();
      // A flipped revision looks like that of another owner.
      if (write instanceof EventSourcingError && write.code !== 'displaced') expectAdvice(write);
      if (read instanceof EventSourcingError || write instanceof EventSourcingError) met++;
    }
    expect(met).toBeGreaterThan(50);
  });
});

describe('read-models.db', () => {
  test('cut off is told as damage, or is empty: it never lacks a part', async () => {
    await (await fill())();
    copy();
    const whole = await served();
    const { size } = statSync(file);
    for (let length = 0; length < size; length += Math.floor(size / 40)) {
      copy();
      truncateSync(file, length);
      const read = await served();
      if (read instanceof EventSourcingError) expectAdvice(read);
      else if (length < 100) expect(read).toEqual({ documents: [], census: { documents: 0 } });
      else expect(read).toEqual(whole);
    }
  });
});

describe('the write-ahead log of read-models.db', () => {
  test.each(['cut off', 'flipped'])(
    '%s shows the batches before, whole and with their checkpoint',
    async (how) => {
      const close = await fill();
      copy();
      expect(await served()).toMatchObject({ census: { documents: 100, checkpoint: String(BATCHES) } });
      const seen = new Set<string | undefined>();
      for (const offset of offsetsIn(`${file}-wal`, 60)) {
        copy();
        if (how === 'flipped') flipBit(`${file}-wal`, offset);
        else truncateSync(`${file}-wal`, offset);
        const read = await served();
        if (read instanceof EventSourcingError) throw read;
        const { checkpoint } = read.census;
        seen.add(checkpoint);
        expect(read.documents).toHaveLength(checkpoint === undefined ? 0 : 100);
        const batches = read.documents.map(({ fields }) => fields.details);
        expect(batches.filter((details) => JSON.stringify(details) !== `{"batch":${checkpoint}}`)).toEqual(
          [],
        );
      }
      expect(seen.size).toBeGreaterThan(2);
      await close();
    },
  );
});
