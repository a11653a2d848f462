import { EventSourcingError } from '../errors.ts';
import type { KeyEntry, KeyStore } from '../personal-data/key-store.ts';
import { createFindings, type Findings } from '../verification/findings.ts';
import type { VerifiableLog } from '../verification/verifiable-log.ts';
import {
  countedWith,
  type MovedCommit,
  type MovedCounts,
  type MovedItem,
  NOTHING_MOVED,
} from './moved-item.ts';
import { createStreamHeads } from './stream-heads.ts';

/** What is exported; it may be written meanwhile. */
export interface ExportSource {
  readonly log: VerifiableLog;
  readonly keys: Pick<KeyStore, 'entries'>;
}

export interface ExportOptions {
  /** Told after each page, with about how many events there are in all. */
  onProgress?(moved: MovedCounts, events: number): void;
}

/**
 * All of a log up to its head as of the call, and all keys as they are afterwards, so that no event lacks its key. In
 * pages: memory is bounded by the streams, whose chains are followed, and not by the events.
 *
 * @throws EventSourcingError `store-damaged` - what is there is not what was written: nothing wrong is handed on
 */
export async function* exportLog(
  { log, keys }: ExportSource,
  { onProgress }: ExportOptions = {},
): AsyncGenerator<readonly MovedItem[], void, undefined> {
  const through = await log.head();
  const total = through === undefined ? 0 : await log.count(through);
  let counts = NOTHING_MOVED;
  const counted = (items: readonly MovedItem[]): readonly MovedItem[] => {
    counts = items.reduce(countedWith, counts);
    onProgress?.(counts, total);
    return items;
  };
  if (through !== undefined) for await (const page of soundCommits(log, through)) yield counted(page);
  const secrets: KeyEntry[] = [];
  for await (const page of keys.entries()) {
    secrets.push(...page.filter(({ kind }) => kind === 'secret'));
    yield counted(page.filter(({ kind }) => kind === 'key').map(toItem));
  }
  yield counted(secrets.map(toItem));
  yield [{ kind: 'end', counts }];
}

async function* soundCommits(
  log: VerifiableLog,
  through: string,
): AsyncGenerator<readonly MovedItem[], void, undefined> {
  const findings = createFindings();
  const heads = createStreamHeads();
  for await (const { commits } of log.commits({ through }, findings)) {
    assertNothingFound(findings);
    for (const commit of commits) {
      const fault = heads.faultOf(commit);
      if (fault !== undefined) throw damaged(fault);
    }
    yield commits.map((commit): MovedItem => ({ kind: 'commit', commit: movedCommit(commit) }));
  }
  assertNothingFound(findings);
}

function movedCommit({ events, claims }: MovedCommit): MovedCommit {
  return { events, claims };
}

function toItem(entry: KeyEntry): MovedItem {
  return { kind: 'key', entry };
}

function assertNothingFound(findings: Findings): void {
  const [first] = findings.all();
  if (first !== undefined) throw damaged(`${first.place}: ${first.what}`);
}

function damaged(what: string): EventSourcingError {
  return new EventSourcingError(
    'store-damaged',
    `The log is not what was written (${what}): verify it, and restore it from a backup before it is moved.`,
  );
}
