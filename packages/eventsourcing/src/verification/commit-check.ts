import { hash } from 'node:crypto';
import type { RecordedEvent } from '../event.ts';
import type { Claim } from '../event-store/event-store.ts';
import { type Findings, placeOf } from './findings.ts';
import { createFingerprints } from './fingerprints.ts';
import type { RecordedCommit } from './verifiable-log.ts';

/** Looks whether commits are whole, event ids are there once, and claims are taken once, for events of their commit. */
export interface CommitCheck {
  see(commit: RecordedCommit): void;
  claims(): number;
  /** In hex, over all claims, in whatever order they were taken: equal where two logs hold the same. */
  claimsDigest(): string;
}

/** @param events - about how many there are: their ids take some 20 bytes each, as do names of claims */
export function createCommitCheck(findings: Findings, events: number): CommitCheck {
  const ids = createFingerprints(events);
  const names = createFingerprints(0);
  let claims = 0;
  let digest = 0n;

  function checkId(event: RecordedEvent): void {
    const { id } = event;
    if (!UUID.test(id)) findings.add('event-id-wrong', placeOf(event), 'its id is no UUID');
    else if (!ids.add(randomHalf(id), randomOther(id))) {
      findings.add('event-id-repeated', placeOf(event), `an earlier event has its id ${id}`);
    }
  }

  function checkName({ name }: Claim, commit: RecordedCommit): void {
    const digest = hash('sha256', name, 'buffer');
    if (names.add(digest.readUInt32LE(0), digest.readUInt32LE(4))) return;
    findings.add('claim-repeated', claimPlace(commit), 'an earlier commit holds one of its claims');
  }

  return {
    see(commit) {
      for (const event of commit.events) checkId(event);
      const ranges = rangesOf(findings, commit);
      checkNotes(findings, commit);
      for (const claim of commit.claims) {
        claims++;
        digest = BigInt.asUintN(DIGEST_BITS, digest + claimNumber(claim));
        checkName(claim, commit);
        checkTarget(findings, claim, commit, ranges);
      }
    },
    claims: () => claims,
    claimsDigest: () => digest.toString(16).padStart(DIGEST_BITS / 4, '0'),
  };
}

const DIGEST_BITS = 128;

/** All that a claim says. */
function claimNumber({ name, requestHash, events }: Claim): bigint {
  const ranges = events.map(({ stream, first, last }) => [stream, first, last]);
  const digest = hash('sha256', JSON.stringify([name, requestHash, ranges]));
  return BigInt(`0x${digest.slice(0, DIGEST_BITS / 4)}`);
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Places that are random in every version of UUIDs in use. */
const randomHalf = (id: string) => Number.parseInt(id.slice(28), 16);
const randomOther = (id: string) => Number.parseInt(id.slice(19, 23) + id.slice(24, 28), 16);

interface Range {
  readonly first: number;
  last: number;
}

/** What the commit holds of each stream, whose events lie together. */
function rangesOf(findings: Findings, { events }: RecordedCommit): ReadonlyMap<string, Range> {
  const ranges = new Map<string, Range>();
  let before: string | undefined;
  for (const event of events) {
    const { stream, revision } = event;
    const range = ranges.get(stream);
    if (range === undefined) ranges.set(stream, { first: revision, last: revision });
    else {
      range.last = revision;
      if (stream !== before) {
        findings.add('commit-torn', placeOf(event), 'other streams lie between the events of its stream');
      }
    }
    before = stream;
  }
  return ranges;
}

/** The repository notes with each event which commit it is of, which place it has in it, and how many events that has. */
function checkNotes(findings: Findings, { events }: RecordedCommit): void {
  const commit = events[0]?.metadata.commit_id;
  events.forEach((event, index) => {
    const { commit_id, commit_index, commit_size } = event.metadata;
    if (commit_id === undefined && commit === undefined) return;
    const same = commit_id === commit;
    if (same && commit_index === String(index) && commit_size === String(events.length)) return;
    const noted = `${Number(commit_index) + 1} of ${commit_size}${same ? '' : ' of another commit'}`;
    const what = `it was written as event ${noted}, and lies there as ${index + 1} of ${events.length}`;
    findings.add('commit-torn', placeOf(event), what);
  });
}

function checkTarget(
  findings: Findings,
  { events }: Claim,
  commit: RecordedCommit,
  ranges: ReadonlyMap<string, Range>,
): void {
  const isWithin = events.every(({ stream, first, last }) => {
    const range = ranges.get(stream);
    return range !== undefined && range.first <= first && first <= last && last <= range.last;
  });
  if (isWithin && events.length > 0) return;
  findings.add('claim-wrong', claimPlace(commit), 'one of its claims does not point at events of the commit');
}

function claimPlace({ events: [first] }: RecordedCommit): string {
  return first === undefined ? 'a commit without events' : placeOf(first);
}
