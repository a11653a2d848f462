import { EventSourcingError, hasCode } from '../errors.ts';
import type { Position, RecordedEvent } from '../event.ts';
import type { Vault } from '../personal-data/vault.ts';
import { type LogEntry, logEntry } from '../projections/log-entry.ts';
import type { Projection } from '../projections/projection.ts';
import type { ReadModelReader } from '../projections/read-model-store.ts';
import { decoderOf, type EventForms } from '../repository/upcasting.ts';
import { createCommitCheck } from './commit-check.ts';
import type { DomainCheck } from './domain-check.ts';
import { createFindings, type Findings, placeOf } from './findings.ts';
import { type Round, startModelChecks, type VerifiedModel } from './model-checks.ts';
import { createPersonalDataCheck, type PersonalDataSummary } from './personal-data-check.ts';
import { createStreamCheck } from './stream-check.ts';
import type { RecordedCommit, VerifiableLog } from './verifiable-log.ts';

export interface VerifyOptions {
  readonly log: VerifiableLog;
  /** Whose streams the log holds; an aggregate is that. Events of other streams, and of other forms, are named. */
  readonly aggregates: readonly (EventForms & { readonly streamPrefix: string })[];
  readonly checks: readonly DomainCheck[];
  /** Without it personal data is not opened. */
  readonly vault: Vault | undefined;
  readonly models: ReadModelReader;
  readonly projections: readonly Projection[];
  readonly findings: Findings;
  /** Told after each page. */
  onProgress?(step: VerifyStep, events: number, total: number): void;
  /** Documents of each read model, fed by one event, that are kept in case of a second. Default 100,000. */
  readonly documentsInMemory?: number;
}

/** `log`: everything, once. `read models`: parts of the log again, for documents that were not settled by that. */
export type VerifyStep = 'log' | 'read models';

/** What was looked at. What is wrong stands in the findings. */
export interface Verification {
  /** The last event that was looked at; undefined where there is none. */
  readonly position: Position | undefined;
  readonly events: number;
  readonly commits: number;
  readonly claims: number;
  readonly streams: number;
  /** SHA-256 in hex over the heads of all chains: two logs of the same events have the same one, on every engine. */
  readonly digest: string;
  readonly personalData: PersonalDataSummary | undefined;
  readonly models: readonly VerifiedModel[];
}

/**
 * Reads the whole log once and says what is not as it must be: chains, commits, claims, personal data, what the domain
 * itself demands, and read models that are not what follows from the log. Goes on after whatever it finds.
 *
 * Nothing is written and nothing locked, so that it can run beside the program that writes.
 *
 * Memory: some 0.5 KB a stream and 1 KB an aggregate's document, 20 bytes an event id and a claim, and
 * `documentsInMemory` documents of each read model.
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const { log, findings, documentsInMemory: capacity = 100_000 } = options;
  const models = await startModelChecks({
    log,
    reader: options.models,
    projections: options.projections,
    findings,
    capacity,
  });
  const first = await models.next();
  const history = await checkHistory(options, first);
  for (let round = await models.next(); round !== undefined; round = await models.next()) {
    await again(options, round);
  }
  return { ...history, models: models.results() };
}

async function checkHistory(
  options: VerifyOptions,
  round: Round | undefined,
): Promise<Omit<Verification, 'models'>> {
  const { log, findings, vault, onProgress } = options;
  const position = await log.head();
  const total = position === undefined ? 0 : await log.count(position);
  const streams = createStreamCheck(findings, log.oneClock);
  const whole = createCommitCheck(findings, total);
  const personal = vault && createPersonalDataCheck(vault, findings);
  let events = 0;
  let commits = 0;

  async function see(commit: RecordedCommit): Promise<void> {
    whole.see(commit);
    for (const recorded of commit.events) {
      streams.see(recorded);
      const entry = logEntry(recorded);
      const event = decode(options, entry);
      if (event !== undefined) {
        const { id, stream, revision, position, recordedAt } = recorded;
        for (const check of options.checks)
          check.see({ event, id, stream, revision, position, recordedAt }, findings);
        if (event.personal !== undefined) await personal?.see(recorded, event.personal);
      }
      round?.see(entry);
    }
    for (const check of options.checks) check.endOfCommit(findings);
    commits++;
    events += commit.events.length;
  }

  if (position !== undefined) {
    for await (const page of log.commits({ through: position }, findings)) {
      for (const commit of page.commits) await see(commit);
      await round?.afterPage();
      onProgress?.('log', events, total);
    }
  }
  return {
    position,
    events,
    commits,
    claims: whole.claims(),
    streams: streams.streams(),
    digest: streams.digest(),
    personalData: personal?.summary(),
  };
}

/** Another way along a part of the log. What cannot be read there is named already. */
async function again({ log, onProgress }: VerifyOptions, { after, through, ...round }: Round): Promise<void> {
  const named = createFindings();
  const total = await log.count(through);
  let events = after === undefined ? 0 : await log.count(after);
  const stretch = after === undefined ? { through } : { after, through };
  for await (const page of log.commits(stretch, named)) {
    for (const { events: recorded } of page.commits) {
      for (const event of recorded) round.see(logEntry(event));
      events += recorded.length;
    }
    await round.afterPage();
    onProgress?.('read models', events, total);
  }
}

/** The event in the words of its domain; undefined where it cannot be read. */
function decode({ aggregates, findings }: VerifyOptions, entry: LogEntry): LogEntry['decoded'] {
  const { recorded } = entry;
  const aggregate = aggregates.find(({ streamPrefix }) => recorded.stream.startsWith(streamPrefix));
  if (aggregate === undefined) {
    findings.add(
      'stream-unknown',
      placeOf(recorded),
      'its stream is not of any kind that this program knows',
    );
    return undefined;
  }
  try {
    entry.decoder = decoderOf(aggregate);
    entry.decoded = entry.decoder.read(recorded);
  } catch (error) {
    nameUnreadable(findings, recorded, error);
  }
  return entry.decoded;
}

function nameUnreadable(findings: Findings, recorded: RecordedEvent, error: unknown): void {
  if (hasCode(error, 'unknown-event-type')) {
    const { type, schemaVersion } = recorded;
    findings.add(
      'unknown-event-type',
      placeOf(recorded),
      `${type} in version ${schemaVersion}: run a version that knows it`,
    );
  } else if (
    error instanceof SyntaxError ||
    error instanceof EventSourcingError ||
    error instanceof TypeError
  ) {
    findings.add('event-unreadable', placeOf(recorded), 'its data is not what an event holds');
  } else throw error;
}
