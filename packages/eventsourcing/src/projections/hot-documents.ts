import { createRecentCache } from '../recent-cache.ts';
import { partitionOf } from './partitions.ts';
import type { Progress } from './progress.ts';
import { readModelKey } from './read-model.ts';
import type { Document, FieldValue, ReadModel, ReadModelReader } from './read-model-store.ts';

export interface HotDocumentsOptions {
  readonly reader: ReadModelReader;
  /** Of this process: what those who wait for a position are told by. */
  readonly progress: Pick<Progress, 'live'>;
  /** How much is kept, in about as many bytes. 0 keeps nothing: every document is read. */
  readonly bytes: number;
  /** Milliseconds that a document is kept at most, also where no news come. Default 1,000. */
  readonly longest?: number;
  /** The stream that feeds a document, where that follows from its id: then only news of its partition count. */
  streamOf?(model: ReadModel, id: string): string | undefined;
}

interface Kept {
  /** All that was known, before the document was read, of how far what feeds it is. */
  readonly known: object;
  readonly readAt: number;
  readonly document: Document;
}

interface Reading {
  readonly known: object;
  readonly document: Promise<Document | undefined>;
}

/**
 * Keeps documents that were read by their ids, for a process that answers many who ask for the same. One is answered
 * from memory only while nothing has been heard of its read model, or its partition, since before it was read. Who asks
 * for a position waits until it is heard of: so no answer is older than that. Those who ask at once share one read.
 *
 * Lists, many documents at one moment, what is not there, and versions that are not live are read each time.
 */
export function createHotDocuments(options: HotDocumentsOptions): ReadModelReader {
  const { reader, progress, bytes, longest = 1_000, streamOf } = options;
  if (bytes === 0) return reader;
  const cache = createRecentCache<Kept>(bytes, bytesOf);
  const readings = new Map<string, Reading>();

  /** Progress is told by making new states, so that the same object means that there is no news. */
  function knownOf(model: ReadModel, id: string): object | undefined {
    const live = progress.live(model.name);
    if (live?.version !== model.version) return undefined;
    const stream = streamOf?.(model, id);
    if (stream === undefined) return live.partitions;
    return live.partitions[partitionOf(stream, live.partitions.length)];
  }

  async function read(
    model: ReadModel,
    id: string,
    key: string,
    known: object,
  ): Promise<Document | undefined> {
    const readAt = performance.now();
    const document = await reader.get(model, id);
    if (document !== undefined) cache.set(key, { known, readAt, document });
    return document;
  }

  function share(model: ReadModel, id: string, key: string, known: object): Promise<Document | undefined> {
    const under = readings.get(key);
    if (under?.known === known) return under.document;
    const reading: Reading = {
      known,
      document: read(model, id, key, known).finally(() => {
        if (readings.get(key) === reading) readings.delete(key);
      }),
    };
    readings.set(key, reading);
    return reading.document;
  }

  return {
    ...reader,
    async get(model, id) {
      const known = knownOf(model, id);
      if (known === undefined) return reader.get(model, id);
      const key = `${readModelKey(model)}/${id}`;
      const kept = cache.get(key);
      if (kept?.known === known && performance.now() - kept.readAt <= longest) return kept.document;
      return share(model, id, key, known);
    },
  };
}

/** What a document takes beside its values: an estimate, a little high. */
const BESIDE_VALUES = 400;

function bytesOf({ document }: Kept): number {
  const values = Object.values(document.fields);
  return values.reduce((sum: number, value) => sum + valueBytes(value), BESIDE_VALUES);
}

function valueBytes(value: FieldValue): number {
  if (typeof value === 'string') return 2 * value.length;
  return typeof value === 'object' && value !== null ? 4 * JSON.stringify(value).length : 32;
}
