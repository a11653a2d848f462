import type { Position } from '../event.ts';
import type { Census, Document } from '../projections/read-model-store.ts';
import { documentDifference } from './document-difference.ts';
import { createDocumentFold, type DocumentFold, type FoldedDocument } from './document-fold.ts';
import { createFindings } from './findings.ts';
import { type Frontier, frontierOf } from './frontier.ts';
import { createIdTally, tallyPart } from './id-tally.ts';
import { createJudgement } from './judgement.ts';
import type { ModelCheck, ModelCheckOptions, Pass } from './model-check.ts';
import { checkKeeping } from './read-model-faults.ts';
import { replay } from './replayed-event.ts';

/**
 * Compares a read model whose documents each are fed by one stream with the replay of the log, while others may write
 * both. Of each partition, the replay goes as far as that has come:
 *
 * 1. The replay up to the checkpoints as they are at the beginning. Documents that only one event feeds are compared and
 *    forgotten on the way.
 * 2. The replay up to the checkpoints as they are then; at that moment the store is asked how many documents it has.
 * 3. All documents that are still in memory are compared. Those that have moved on, that seem to be wrong, or that are
 *    in a part of the ids where too many or too few are stored, are judged one by one in a last replay.
 */
export async function* checkDocuments(options: ModelCheckOptions): ModelCheck {
  const { projection, reader, findings, head } = options;
  await checkKeeping(options);
  const start = frontierOf(await reader.checkpoints(projection));
  const fold = createDocumentFold(projection, options.capacity);
  const later = createLater();
  const settle = async () => {
    for (let old = fold.takeOldest(); old.length > 0; old = fold.takeOldest()) {
      for (const document of await compareAll(options, old, later)) fold.keep(document);
    }
  };
  const pass = (seen: Frontier | undefined, through: Position, upTo: Frontier): Pass => ({
    after: seen?.least,
    through,
    see(entry) {
      if (!upTo.covers(entry.recorded) || seen?.covers(entry.recorded)) return;
      replay(projection, entry, findings, fold.see);
    },
    afterPage: settle,
  });

  if (start.furthest !== undefined) yield pass(undefined, start.furthest, start);
  const { census, reached } = await censusOf(options);
  if (reached.furthest === undefined) {
    if (!(await hasBegun(options))) reportUnfilled(options, census);
    return census;
  }
  yield pass(start, reached.furthest, reached);

  const moved = await compareAll(options, fold.documents(), later);
  const isComplete = fold.lost().size === 0 && fold.ids.count() === census.documents;
  const parts = isComplete ? NO_PARTS : await differentParts(options, fold);
  const again = await readAgain(options, [...later.suspects, ...fold.lost()], parts);
  if (moved.length === 0 && again.size === 0 && parts.size === 0) return census;

  const judgement = createJudgement({
    projection,
    findings,
    due: reached,
    most: options.atomicBatches ? await reader.checkpoints(projection) : undefined,
    includes: (id) => parts.has(tallyPart(id)),
  });
  for (const document of moved) judgement.add(document.id, later.stored.get(document.id), document);
  for (const [id, stored] of again) judgement.add(id, stored);
  const named = createFindings();
  yield {
    after: again.size === 0 && parts.size === 0 ? reached.least : undefined,
    through: (await head()) ?? reached.furthest,
    see: (entry) => replay(projection, entry, named, judgement.see),
  };
  judgement.conclude();
  return census;
}

/** How many documents there are, and how far each partition was by then. */
async function censusOf({ projection, reader }: ModelCheckOptions) {
  const checkpoints = await reader.checkpoints(projection);
  const census = await reader.census(projection);
  // Of a model that is not divided, both are of one moment.
  return { census, reached: frontierOf(checkpoints.length === 1 ? [census.checkpoint] : checkpoints) };
}

/** What the comparison does not settle. */
interface Later {
  /** Documents that have moved on, as they were read. */
  readonly stored: Map<string, Document>;
  /** Ids of documents that are not as the replay has them. */
  readonly suspects: Set<string>;
}

const createLater = (): Later => ({ stored: new Map(), suspects: new Set() });
const NO_PARTS: ReadonlySet<number> = new Set();

/** So many are judged one by one; what seems to be wrong beyond them is taken for wrong. */
const MOST_SUSPECTS = 100_000;
/** Parts of the ids that are looked at where the numbers differ: some 1.5 % of all. */
const MOST_PARTS = 64;
const AT_ONCE = 1_000;

/** Compares documents with what is stored, and gives back those that are stored as they became later. */
async function compareAll(
  options: ModelCheckOptions,
  documents: Iterable<FoldedDocument>,
  later: Later,
): Promise<readonly FoldedDocument[]> {
  const { projection, reader } = options;
  const moved: FoldedDocument[] = [];
  for (const some of chunks(documents)) {
    const stored = await reader.getMany(
      projection,
      some.map(({ id }) => id),
    );
    for (const document of some) {
      const found = stored.get(document.id);
      if (found !== undefined && found.revision > document.revision) {
        later.stored.set(document.id, found);
        moved.push(document);
      } else if (!isEqual(options, document, found)) suspect(options, later, document.id, found);
    }
  }
  return moved;
}

function* chunks(documents: Iterable<FoldedDocument>): Generator<readonly FoldedDocument[]> {
  let chunk: FoldedDocument[] = [];
  for (const document of documents) {
    chunk.push(document);
    if (chunk.length < AT_ONCE) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

function isEqual(
  { projection }: ModelCheckOptions,
  { revision, fields }: FoldedDocument,
  stored: Document | undefined,
): boolean {
  if (stored === undefined || fields === undefined) return stored === undefined && fields === undefined;
  return stored.revision === revision && documentDifference(projection, fields, stored.fields) === undefined;
}

function suspect(
  { projection: { name }, findings }: ModelCheckOptions,
  { suspects }: Later,
  id: string,
  stored: Document | undefined,
): void {
  if (suspects.size < MOST_SUSPECTS) suspects.add(id);
  else if (stored === undefined)
    findings.add(`document-missing:${name}`, `${name} ${id}`, 'the replay has it');
  else findings.add(`document-wrong:${name}`, `${name} ${id}`, 'it is not as in the replay');
}

/** The parts of the ids in which other documents are stored than the replay has made. */
async function differentParts(
  options: ModelCheckOptions,
  { ids, lost }: DocumentFold,
): Promise<ReadonlySet<number>> {
  const stored = createIdTally();
  for await (const { id } of allDocuments(options)) if (!lost().has(id)) stored.add(id);
  return ids.differences(stored, MOST_PARTS);
}

async function* allDocuments({ projection, reader }: ModelCheckOptions): AsyncGenerator<Document> {
  let cursor: string | undefined;
  do {
    const page = await reader.find(projection, { limit: AT_ONCE, ...(cursor !== undefined && { cursor }) });
    yield* page.documents;
    cursor = page.next;
  } while (cursor !== undefined);
}

/** The documents of these ids and of these parts of the ids, as they are now. */
async function readAgain(
  options: ModelCheckOptions,
  ids: readonly string[],
  parts: ReadonlySet<number>,
): Promise<ReadonlyMap<string, Document | undefined>> {
  const found = new Map<string, Document | undefined>();
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    const stored = await options.reader.getMany(options.projection, some);
    for (const id of some) found.set(id, stored.get(id));
  }
  if (parts.size === 0) return found;
  for await (const document of allDocuments(options)) {
    if (parts.has(tallyPart(document.id))) found.set(document.id, document);
  }
  return found;
}

/** Whether its first batch has come since its checkpoints were read, or can be half there. */
async function hasBegun({ projection, reader, atomicBatches }: ModelCheckOptions): Promise<boolean> {
  if (!atomicBatches) return true;
  return frontierOf(await reader.checkpoints(projection)).furthest !== undefined;
}

/** Before its first batch a read model has no documents. */
function reportUnfilled({ projection: { name }, findings }: ModelCheckOptions, { documents }: Census): void {
  if (documents === 0) return;
  const what = 'it has documents, and has folded no event';
  findings.add(`document-extra:${name}`, name, what, documents);
}
