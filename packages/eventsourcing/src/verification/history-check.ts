import type { Vault } from '../personal-data/vault.ts';
import { type LogEntry, logEntry } from '../projections/log-entry.ts';
import { type AggregateEvent, type AnyAggregate, aggregateEvent } from './aggregate-event.ts';
import { createCommitCheck } from './commit-check.ts';
import type { DomainCheck } from './domain-check.ts';
import type { Findings } from './findings.ts';
import { createPersonalDataCheck, type PersonalDataSummary } from './personal-data-check.ts';
import { createSnapshotCheck, type SnapshotSource, type SnapshotSummary } from './snapshot-check.ts';
import { createStreamCheck } from './stream-check.ts';
import type { RecordedCommit } from './verifiable-log.ts';

export interface HistoryCheckOptions {
  /** Whose streams the log holds. Events of other streams, and of other forms, are named. */
  readonly aggregates: readonly AnyAggregate[];
  readonly checks: readonly DomainCheck[];
  /** Without it personal data is not opened. */
  readonly vault: Vault | undefined;
  /** Undefined where there are none. */
  readonly snapshots: SnapshotSource | undefined;
  readonly findings: Findings;
}

export interface HistorySummary {
  readonly events: number;
  readonly commits: number;
  readonly claims: number;
  readonly streams: number;
  /** SHA-256 in hex over the heads of all chains: two logs of the same events have the same one, on every engine. */
  readonly digest: string;
  /** In hex, over all claims: equal on two logs that hold the same ones, on every engine. */
  readonly claimsDigest: string;
  readonly personalData: PersonalDataSummary | undefined;
  readonly snapshots: SnapshotSummary | undefined;
}

/** All that is looked at on one way along the whole log, beside read models. */
export interface HistoryCheck {
  /** @param next - who is handed the entries afterwards */
  see(commit: RecordedCommit, next: (entry: LogEntry) => void): Promise<void>;
  events(): number;
  conclude(): HistorySummary;
}

/**
 * @param oneClock - see `VerifiableLog`
 * @param total - about how many events there are
 */
export function createHistoryCheck(
  options: HistoryCheckOptions,
  oneClock: boolean,
  total: number,
): HistoryCheck {
  const { aggregates, checks, vault, findings } = options;
  const streams = createStreamCheck(findings, oneClock);
  const whole = createCommitCheck(findings, total);
  const personal = vault && createPersonalDataCheck(vault, findings);
  const snapshots = options.snapshots && createSnapshotCheck(options.snapshots, aggregates, findings);
  let events = 0;
  let commits = 0;

  function seeReadable(
    { recorded }: LogEntry,
    { aggregate, event }: AggregateEvent,
  ): Promise<void> | undefined {
    const { id, stream, revision, position, recordedAt } = recorded;
    for (const check of checks) check.see({ event, id, stream, revision, position, recordedAt }, findings);
    snapshots?.see(aggregate, recorded, event);
    return event.personal === undefined ? undefined : personal?.see(recorded, event.personal);
  }

  return {
    async see(commit, next) {
      whole.see(commit);
      for (const recorded of commit.events) {
        streams.see(recorded);
        const entry = logEntry(recorded);
        const readable = aggregateEvent(aggregates, entry, findings);
        const waiting = readable && seeReadable(entry, readable);
        if (waiting !== undefined) await waiting;
        next(entry);
      }
      for (const check of checks) check.endOfCommit(findings);
      commits++;
      events += commit.events.length;
    },
    events: () => events,
    conclude: () => ({
      events,
      commits,
      claims: whole.claims(),
      streams: streams.streams(),
      digest: streams.digest(),
      claimsDigest: whole.claimsDigest(),
      personalData: personal?.summary(),
      snapshots: snapshots?.conclude(),
    }),
  };
}
