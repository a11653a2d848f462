import type { Position } from '../event.ts';
import { logEntry } from '../projections/log-entry.ts';
import type { Projection } from '../projections/projection.ts';
import type { ReadModelReader } from '../projections/read-model-store.ts';
import { createFindings } from './findings.ts';
import { createHistoryCheck, type HistoryCheckOptions, type HistorySummary } from './history-check.ts';
import { startModelChecks } from './model-checks.ts';
import type { Round } from './round.ts';
import type { VerifiableLog } from './verifiable-log.ts';
import type { VerifiedModel } from './verified-model.ts';

export interface VerifyOptions extends HistoryCheckOptions {
  readonly log: VerifiableLog;
  readonly models: ReadModelReader;
  readonly projections: readonly Projection[];
  /** Told after each page. */
  onProgress?(step: VerifyStep, events: number, total: number): void;
  /** Documents of each read model, fed by one event, that are kept in case of a second. Default 100,000. */
  readonly documentsInMemory?: number;
  /** Whether the store of read models writes documents and checkpoint of a batch together. Default true. */
  readonly atomicBatches?: boolean;
}

/** `log`: everything, once. `read models`: parts of the log again, for documents that were not settled by that. */
export type VerifyStep = 'log' | 'read models';

/** What was looked at. What is wrong stands in the findings. */
export interface Verification extends HistorySummary {
  /** The last event that was looked at; undefined where there is none. */
  readonly position: Position | undefined;
  readonly models: readonly VerifiedModel[];
}

/**
 * Reads the whole log once and says what is not as it must be: chains, commits, claims, personal data, what the domain
 * itself demands, snapshots, and read models that are not what follows from the log. Goes on after whatever it finds.
 *
 * Nothing is written and nothing locked, so that it can run beside the program that writes.
 *
 * Memory: some 0.5 KB a stream and 1 KB a document that several events feed, 20 bytes an event id and a claim, and
 * `documentsInMemory` other documents of each read model.
 */
export async function verify(options: VerifyOptions): Promise<Verification> {
  const { log, models: reader, projections, findings, documentsInMemory: capacity = 100_000 } = options;
  const { atomicBatches = true } = options;
  const models = await startModelChecks({ log, reader, projections, findings, capacity, atomicBatches });
  const history = await checkHistory(options, await models.next());
  for (let round = await models.next(); round !== undefined; round = await models.next()) {
    await goAgain(options, round);
  }
  return { ...history, models: models.results() };
}

async function checkHistory(
  { log, onProgress, ...options }: VerifyOptions,
  round: Round | undefined,
): Promise<HistorySummary & Pick<Verification, 'position'>> {
  const expected = await log.head();
  const check = createHistoryCheck(
    options,
    log.oneClock,
    expected === undefined ? 0 : await log.count(expected),
  );
  // Whatever was kept of the log before is in it up to here.
  const position = await log.head();
  const total = position === undefined ? 0 : await log.count(position);
  if (position !== undefined) {
    for await (const { commits } of log.commits({ through: position }, options.findings)) {
      for (const commit of commits) await check.see(commit, (entry) => round?.see(entry));
      await round?.afterPage();
      onProgress?.('log', check.events(), total);
    }
  }
  return { position, ...check.conclude() };
}

/** Another way along a part of the log. What cannot be read there is named already. */
async function goAgain(
  { log, onProgress }: VerifyOptions,
  { after, through, ...round }: Round,
): Promise<void> {
  const named = createFindings();
  const total = await log.count(through);
  let events = after === undefined ? 0 : await log.count(after);
  for await (const { commits } of log.commits({ ...(after !== undefined && { after }), through }, named)) {
    for (const commit of commits) {
      for (const event of commit.events) round.see(logEntry(event));
      events += commit.events.length;
    }
    await round.afterPage();
    onProgress?.('read models', events, total);
  }
}
