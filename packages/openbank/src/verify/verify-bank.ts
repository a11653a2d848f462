import { join } from 'node:path';
import {
  bankAccountAggregate,
  type CurrencyTotals,
  createLedgerCheck,
  personAggregate,
  projections,
} from '@openbank/bank';
import type { VerifiedIndex } from '@openbank/engine-sqlite';
import {
  createFindings,
  createVault,
  EventSourcingError,
  type Finding,
  type Findings,
  loadMasterKey,
  type Vault,
  type VerifiableLog,
  type Verification,
  type VerifiedModel,
  type VerifyOptions,
  verify,
} from '@openbank/eventsourcing';
import type { BankAddress } from '../moving/bank-address.ts';
import type { Engines } from './advice.ts';
import { openVerifiedEvents, openVerifiedReads, type VerifiedReads } from './open-verified.ts';

export interface VerifyBankOptions extends BankAddress {
  /** 32 bytes in hex or base64; without it, `master.key` in the data directory. */
  readonly masterKey: string | undefined;
  /** Whether sealed parts are opened: not where their keys are kept elsewhere. */
  readonly personalData: boolean;
  onProgress(text: string): void;
}

/** Everything that was looked at, and all that is wrong. */
export interface BankVerification extends Omit<Verification, 'models'> {
  readonly findings: readonly Finding[];
  readonly accounts: number;
  readonly totals: readonly CurrencyTotals[];
  readonly models: readonly MeasuredModel[];
  readonly engines: Engines;
  /** Undefined where the log has none of its own. */
  readonly index: VerifiedIndex | undefined;
  /** Milliseconds. */
  readonly elapsed: number;
}

export interface MeasuredModel extends VerifiedModel {
  /** About how many events it is behind. */
  readonly behind: number;
}

/**
 * Looks at the whole bank, on whatever engines, also while it runs; nothing in it is changed.
 *
 * @throws EventSourcingError `store-unavailable`, `store-damaged` - there is no log, or it cannot be read at all
 */
export async function verifyBank(options: VerifyBankOptions): Promise<BankVerification> {
  await using opened = new AsyncDisposableStack();
  const { onProgress } = options;
  const started = performance.now();
  const findings = createFindings();
  const { log, checkDerived, snapshots } = await openVerifiedEvents(options, findings, opened);
  const reads = await openVerifiedReads(options, opened);
  const ledger = createLedgerCheck();
  const isEmpty = (await log.head()) === undefined;
  const vault = isEmpty ? undefined : await openVault(options, reads, findings);

  const verification = await verify({
    log,
    aggregates: [bankAccountAggregate, personAggregate],
    checks: [ledger],
    vault,
    models: reads.models,
    atomicBatches: reads.atomicBatches,
    projections,
    snapshots,
    findings,
    onProgress: (step, events, total) => onProgress(progressOf(step, events, total)),
  });
  onProgress('index');
  const index = await checkDerived?.(findings);
  return {
    ...verification,
    models: await Promise.all(verification.models.map((model) => measured(model, verification, log))),
    findings: findings.all(),
    engines: { events: options.eventStore.engine, reads: options.readStore.engine },
    accounts: ledger.accounts(),
    totals: ledger.totals(),
    index,
    elapsed: performance.now() - started,
  };
}

/** One that was read later than the log's end is not behind. */
async function measured(
  model: VerifiedModel,
  { position: end }: Verification,
  log: VerifiableLog,
): Promise<MeasuredModel> {
  if (end === undefined || (model.position !== undefined && model.position >= end))
    return { ...model, behind: 0 };
  const done = model.position === undefined ? 0 : await log.count(model.position);
  return { ...model, behind: Math.max(0, (await log.count(end)) - done) };
}

/** Without keys everything else is looked at all the same. */
async function openVault(
  { data, masterKey, personalData }: VerifyBankOptions,
  { openKeys, keysAt }: VerifiedReads,
  findings: Findings,
): Promise<Vault | undefined> {
  if (!personalData) return undefined;
  try {
    const keys = openKeys();
    const key = await loadMasterKey({ env: masterKey, file: join(data, 'master.key'), keysExist: true });
    return await createVault({ keys, masterKey: key });
  } catch (error) {
    if (!(error instanceof EventSourcingError)) throw error;
    findings.add('keys-unusable', `${keysAt} and the master key`, error.message);
    return undefined;
  }
}

function progressOf(
  step: Parameters<NonNullable<VerifyOptions['onProgress']>>[0],
  events: number,
  total: number,
): string {
  const share = total === 0 ? 100 : Math.floor((events * 100) / total);
  return `${step}: ${events.toLocaleString('en')} of ${total.toLocaleString('en')} events, ${share} %`;
}
