import type {
  CommitPage,
  Findings,
  LogStretch,
  Position,
  RecordedCommit,
  VerifiableLog,
} from '@openbank/eventsourcing';
import type { KurrentConnection } from '../connection/connect.ts';
import { readClaim } from '../events/claim-event.ts';
import {
  dataOf,
  positionOf,
  revisionOf,
  type StoredEvent,
  streamOf,
  toPlacedEvent,
  typeOf,
} from '../events/stored-event.ts';
import { CLAIM_PREFIX } from '../events/stream-names.ts';
import { type Source, TIMEOUTS } from '../log/source.ts';
import { aboutSoManyEvents, endOfLog } from './backwards.ts';
import { type CommitGrouping, createCommitGrouping } from './commits.ts';
import { scan } from './scan.ts';
import { createTruncations, type Truncations } from './truncations.ts';

/**
 * The log on KurrentDB to be verified, exported or copied, also while others write it. The connection is its owner's.
 *
 * Memory: the names of all streams but those of claims, of which each command can make one.
 */
export function createKurrentVerifiableLog({
  client,
  closed,
}: Pick<KurrentConnection, 'client' | 'closed'>): VerifiableLog {
  const source: Source = { client, closed, timeouts: TIMEOUTS };
  return {
    // Any number of processes writes, each by its own clock.
    oneClock: false,
    head: () => endOfLog(source),
    count: (through) => aboutSoManyEvents(source, through),
    commits: (stretch, findings) => commits(source, stretch, findings),
  };
}

async function* commits(
  source: Source,
  { after, through }: LogStretch,
  findings: Findings,
): AsyncGenerator<CommitPage, void, undefined> {
  const looking: Looking = {
    findings,
    grouping: createCommitGrouping(findings),
    truncations: createTruncations(),
    streams: new Set(),
  };
  let reached = after;
  let position = after;
  for (let isLast = false; !isLast; ) {
    const scanned = await scan(source, reached, through);
    isLast = scanned.isLast;
    const found = scanned.events.flatMap((stored) => look(stored, looking));
    if (isLast) found.push(...looking.grouping.end());
    const last = scanned.events.at(-1);
    reached = last === undefined ? reached : positionOf(last);
    position = isLast ? through : (found.at(-1)?.events.at(-1)?.position ?? position);
    if (position !== undefined) yield { commits: found, position };
  }
  await lookBehind(source, reached, looking);
  const isOwn = (stream: string) => stream.startsWith(CLAIM_PREFIX) || looking.streams.has(stream);
  looking.truncations.report(findings, isOwn);
}

/** A stream can have been deleted after the last event of the log. */
async function lookBehind(source: Source, after: Position | undefined, looking: Looking): Promise<void> {
  let reached = after;
  for (let isLast = false; !isLast; ) {
    const scanned = await scan(source, reached, END);
    isLast = scanned.isLast;
    for (const stored of scanned.events) lookAtDeletion(stored, looking);
    reached = scanned.events.map(positionOf).at(-1) ?? reached;
  }
}

/** After every position. */
const END: Position = '9'.repeat(40);

interface Looking {
  readonly findings: Findings;
  readonly grouping: CommitGrouping;
  readonly truncations: Truncations;
  /** Those of the log. */
  readonly streams: Set<string>;
}

function look(stored: StoredEvent, looking: Looking): readonly RecordedCommit[] {
  if (lookAtDeletion(stored, looking)) return [];
  return streamOf(stored).startsWith(CLAIM_PREFIX)
    ? lookAtClaim(stored, looking)
    : lookAtEvent(stored, looking);
}

/** Whether it is about a stream, and no event of one. */
function lookAtDeletion(stored: StoredEvent, { truncations }: Looking): boolean {
  const stream = streamOf(stored);
  const isTombstone = typeOf(stored) === '$streamDeleted';
  if (isTombstone) truncations.tombstoned(stream);
  else if (stream.startsWith('$$')) truncations.changed(stream.slice(2), dataOf(stored));
  return isTombstone || stream.startsWith('$$');
}

function lookAtClaim(stored: StoredEvent, { findings, grouping }: Looking) {
  const stream = streamOf(stored);
  const place = placeOf(stored);
  try {
    if (revisionOf(stored) > 0)
      throw new Error('a stream of a claim has one event, and this is a further one');
    return grouping.addClaim(readClaim(stream, typeOf(stored), dataOf(stored)), place);
  } catch (error) {
    findings.add('event-damaged', place, error instanceof Error ? error.message : String(error));
    return [];
  }
}

function lookAtEvent(stored: StoredEvent, { findings, grouping, streams }: Looking) {
  const stream = streamOf(stored);
  const placed = toPlacedEvent(stored);
  if (placed !== undefined) {
    streams.add(stream);
    return grouping.addEvent(placed);
  }
  // Other programs may use the server too; in a stream of the log their events are damage.
  if (streams.has(stream)) {
    const what = 'this program has not written it, or it has lost its metadata';
    findings.add('event-damaged', placeOf(stored), what);
  }
  return [];
}

function placeOf(stored: StoredEvent): string {
  return `${streamOf(stored)}@${stored.getStreamRevision()}, position ${positionOf(stored)}`;
}
