import type { Position } from '../event.ts';
import { evolved } from '../projections/fold.ts';
import { leastCheckpoint } from '../projections/partitions.ts';
import type { ProjectedEvent } from '../projections/projection.ts';
import type { Document } from '../projections/read-model-store.ts';
import { documentDifference } from './document-difference.ts';
import type { FoldedDocument } from './document-fold.ts';
import type { ModelCheck, ModelCheckOptions, Pass } from './model-check.ts';
import { checkKeeping } from './read-model-faults.ts';
import { replay } from './replayed-event.ts';

/**
 * Compares totals, which many streams feed in the order of the log, with the replay: up to the checkpoint of a moment
 * at which all of them could be read. There are few, so all are kept in memory. Each says itself how far it is, so that
 * one that was written before its checkpoint is compared as of there.
 */
export async function* checkTotals(options: ModelCheckOptions): ModelCheck {
  const { projection, reader, findings, atomicBatches } = options;
  const totals = new Map<string, FoldedDocument>();
  const see = (event: ProjectedEvent, isDue: (id: string, position: Position) => boolean) => {
    for (const id of projection.documentIds(event)) {
      if (!isDue(id, event.position)) continue;
      const before = totals.get(id);
      const fields = evolved(projection, before ?? { revision: undefined, fields: undefined }, event, id);
      const positioned = fields && { ...fields, position: event.position };
      totals.set(id, { id, revision: (before?.revision ?? 0) + 1, fields: positioned });
    }
  };
  const pass = (after: Position | undefined, through: Position, isDue: Parameters<typeof see>[1]): Pass => ({
    after,
    through,
    see: (entry) => replay(projection, entry, findings, (event) => see(event, isDue)),
  });

  await checkKeeping(options);
  const start = await leastCheckpoint(reader, projection);
  if (start !== undefined) yield pass(undefined, start, () => true);
  const { documents, checkpoint } = await atOneMoment(options);
  const shown = new Map(atomicBatches ? [] : documents.map(({ id, fields }) => [id, fields.position]));
  const furthest = [checkpoint, ...shown.values()].filter(isPosition).sort().at(-1);
  if (furthest !== undefined && furthest !== start) {
    const isShown = (id: string, position: Position) => position <= String(shown.get(id) ?? '');
    yield pass(
      start,
      furthest,
      (id, at) => (checkpoint !== undefined && at <= checkpoint) || isShown(id, at),
    );
  }
  compare(options, totals, documents);
  return { documents: documents.length, checkpoint };
}

function isPosition(value: unknown): value is Position {
  return typeof value === 'string';
}

/** All documents, read while no batch was applied. */
async function atOneMoment(options: ModelCheckOptions) {
  const { projection, reader } = options;
  for (;;) {
    const checkpoint = await leastCheckpoint(reader, projection);
    const documents: Document[] = [];
    let cursor: string | undefined;
    do {
      const page = await reader.find(projection, { limit: 1_000, ...(cursor !== undefined && { cursor }) });
      documents.push(...page.documents);
      cursor = page.next;
    } while (cursor !== undefined);
    if ((await leastCheckpoint(reader, projection)) === checkpoint) return { checkpoint, documents };
  }
}

function compare(
  { projection, findings }: ModelCheckOptions,
  totals: ReadonlyMap<string, FoldedDocument>,
  documents: readonly Document[],
): void {
  const { name } = projection;
  const stored = new Map(documents.map((document) => [document.id, document]));
  for (const { id, revision, fields = {} } of totals.values()) {
    const found = stored.get(id);
    const place = `${name} ${id}`;
    if (found === undefined) {
      findings.add(`document-missing:${name}`, place, `the replay has it, of ${revision} events`);
      continue;
    }
    const difference = documentDifference(projection, fields, found.fields);
    if (difference !== undefined) findings.add(`document-wrong:${name}`, place, difference);
    else if (found.revision !== revision) {
      findings.add(
        `document-wrong:${name}`,
        place,
        `it counts ${found.revision} events, the replay ${revision}`,
      );
    }
  }
  for (const id of stored.keys()) {
    if (!totals.has(id)) findings.add(`document-extra:${name}`, `${name} ${id}`, 'no event makes it');
  }
}
