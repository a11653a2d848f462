import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { Findings } from '@openbank/eventsourcing';
import { EMPTY_DIGEST, mixClaim, mixEntry, plus } from '../log/indexing/index-digest.ts';
import { claimHash, RUN } from '../log/indexing/index-schema.ts';
import { prepareLog } from '../log/log-schema.ts';
import { toPosition } from '../log/position.ts';
import { allRowsOf, type Columns, count, rowOf, text } from '../sqlite/columns.ts';
import { placeAt } from './checked-rows.ts';
import type { IndexFile } from './index-file.ts';
import { createIndexSketch, type IndexSummary, type StreamHash, streamHash } from './index-sketch.ts';
import { rowClaims } from './row-claims.ts';

export interface IndexCheckOptions {
  /** The log, for what has to be looked up in it. */
  readonly database: DatabaseSync;
  readonly index: IndexFile;
  /** How far the index went when the log began to be read: what is after it is not looked at. */
  readonly reached: number;
  /** Of the log up to there. */
  readonly expected: IndexSummary;
  /** The last revision of a stream in the log. */
  lastRevision(stream: string): number | undefined;
  readonly findings: Findings;
}

/** Compares all that the index holds with the log; only where the two differ, entry by entry. */
export async function checkIndex(options: IndexCheckOptions): Promise<IndexSummary> {
  const { index, expected, findings } = options;
  const found = await summaryOf(options);
  if (
    found.entries !== expected.entries ||
    found.claims !== expected.claims ||
    found.digests !== expected.digests
  ) {
    const names = index.streams();
    await nameMissing(options);
    await nameExtra(options, names);
  }
  nameUnlistedRun(options);
  if (!found.isAsNoted) {
    findings.add('index-digest-wrong', 'index.db', 'its rows are not those that its own digest was made of');
  }
  return found;
}

/** What lies in a run that is not listed is never found. */
function nameUnlistedRun({ index, reached, findings }: IndexCheckOptions): void {
  const listed = index.runs();
  for (let run = 0; reached > 0 && run <= Math.floor(reached / RUN); run++) {
    if (listed.has(run)) continue;
    findings.add('index-run-missing', 'index.db', `it does not list run ${run}: nothing in it is found`);
  }
}

/** Later runs hold later revisions: look-ups rely on that. */
function nameWrongRun(run: number, position: number, findings: Findings): void {
  if (run === Math.floor(position / RUN)) return;
  findings.add(
    'index-run-wrong',
    placeAt(position),
    `index.db keeps it in run ${run}, where it is not looked for`,
  );
}

interface Found extends IndexSummary {
  /** Whether the index's own digest is that of its rows. */
  readonly isAsNoted: boolean;
}

async function summaryOf({ index, reached, findings }: IndexCheckOptions): Promise<Found> {
  const sketch = createIndexSketch();
  const hashes = new Map<number, StreamHash>();
  for (const [id, name] of index.streams()) hashes.set(id, streamHash(name));
  const noted = index.reached();
  let digest = EMPTY_DIGEST;
  for (const page of index.entries()) {
    await setImmediate();
    for (const [stream, revision, position, run] of page) {
      if (position > reached) continue;
      nameWrongRun(run, position, findings);
      sketch.addEntry(hashes.get(stream) ?? [0, 0], revision, position);
      digest = plus(digest, mixEntry(stream, revision, position));
    }
  }
  for (const page of index.claims()) {
    await setImmediate();
    for (const [hash, position, run] of page) {
      if (position > reached) continue;
      nameWrongRun(run, position, findings);
      sketch.addClaim(hash, position);
      digest = plus(digest, mixClaim(hash, position));
    }
  }
  // One that has been written meanwhile has another digest by now.
  return { ...sketch.summary(), isAsNoted: noted?.position !== reached || noted.digest === digest };
}

/** Goes along the log and looks everything up in the index. */
async function nameMissing({ database, index, reached, findings }: IndexCheckOptions): Promise<void> {
  const { keysAfter } = prepareLog(database);
  for (let after = 0; ; ) {
    const rows = allRowsOf(keysAfter, after, reached, 2_000).map(keysOf);
    for (const { position, stream, revision, claims } of rows) {
      const found = index.position(stream, revision);
      const place = `${stream}@${revision}, ${placeAt(position)}`;
      if (found === undefined) findings.add('index-entry-missing', place, 'index.db does not know the event');
      else if (found !== position) {
        findings.add('index-entry-wrong', place, `index.db leads to position ${toPosition(found)}`);
      }
      for (const { name } of rowClaims({ position, claims }) ?? []) {
        if (index.claimants(name).includes(position)) continue;
        findings.add(
          'index-claim-missing',
          placeAt(position),
          'index.db does not know a claim of the commit',
        );
      }
    }
    await setImmediate();
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.position;
  }
}

/** Goes along the index and looks for what the log does not hold. */
async function nameExtra(options: IndexCheckOptions, names: ReadonlyMap<number, string>): Promise<void> {
  const { database, index, reached, lastRevision, findings } = options;
  const { keysAfter } = prepareLog(database);
  for (const page of index.entries()) {
    await setImmediate();
    for (const [id, revision, position] of page) {
      const stream = names.get(id);
      if (position > reached || revision <= (lastRevision(stream ?? '') ?? -1)) continue;
      const place = `${stream ?? `stream ${id}`}@${revision}`;
      findings.add(
        'index-entry-extra',
        place,
        `index.db leads to ${placeAt(position)}, the log has no such event`,
      );
    }
  }
  for (const page of index.claims()) {
    await setImmediate();
    for (const [hash, position] of page) {
      if (position > reached) continue;
      const row = rowOf(keysAfter, position - 1, position, 1);
      const claims = (row && rowClaims(keysOf(row))) ?? [];
      if (claims.some(({ name }) => claimHash(name) === hash)) continue;
      findings.add(
        'index-claim-extra',
        placeAt(position),
        'index.db holds a claim that the commit does not take',
      );
    }
  }
}

function keysOf([position, stream, revision, claims]: Columns) {
  return {
    position: count(position),
    stream: text(stream),
    revision: count(revision),
    claims: claims === null ? null : text(claims),
  };
}
