import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  bankAccountAggregate,
  type CurrencyTotals,
  createLedgerCheck,
  personAggregate,
  projections,
} from '@openbank/bank';
import {
  openSqliteKeyReader,
  openSqliteReadModelSource,
  openSqliteSnapshotSource,
  openSqliteVerifiableLog,
  type VerifiedIndex,
} from '@openbank/engine-sqlite';
import {
  createFindings,
  createVault,
  EventSourcingError,
  type Finding,
  type Findings,
  loadMasterKey,
  type SnapshotSource,
  type Vault,
  type Verification,
  type VerifyOptions,
  verify,
} from '@openbank/eventsourcing';

export interface VerifyBankOptions {
  /** The bank's data directory; it may be running, and nothing in it is changed. */
  readonly data: string;
  /** 32 bytes in hex or base64; without it, `master.key` in the directory. */
  readonly masterKey: string | undefined;
  /** Whether sealed parts are opened: not where their keys are kept elsewhere. */
  readonly personalData: boolean;
  onProgress(text: string): void;
}

/** Everything that was looked at, and all that is wrong. */
export interface BankVerification extends Verification {
  readonly findings: readonly Finding[];
  readonly accounts: number;
  readonly totals: readonly CurrencyTotals[];
  readonly index: VerifiedIndex;
  /** Milliseconds. */
  readonly elapsed: number;
}

/**
 * Looks at the whole bank of a directory, also while it runs.
 *
 * @throws EventSourcingError `store-unavailable`, `store-damaged` - there is no log, or it cannot be read at all
 */
export async function verifyBank(options: VerifyBankOptions): Promise<BankVerification> {
  const opened = new AsyncDisposableStack();
  try {
    return await verifyWith(options, opened);
  } finally {
    await opened.disposeAsync();
  }
}

async function verifyWith(
  options: VerifyBankOptions,
  opened: AsyncDisposableStack,
): Promise<BankVerification> {
  const { data, onProgress } = options;
  const started = performance.now();
  const findings = createFindings();
  assertLog(data);
  const log = opened.adopt(openSqliteVerifiableLog(data), (each) => each.close());
  const models = opened.adopt(openSqliteReadModelSource({ directory: data }), (each) => each.close());
  const ledger = createLedgerCheck();
  const vault = (await log.head()) === undefined ? undefined : await openVault(options, findings, opened);

  const verification = await verify({
    log,
    aggregates: [bankAccountAggregate, personAggregate],
    checks: [ledger],
    vault,
    models,
    projections,
    snapshots: openSnapshots(data, findings, opened),
    findings,
    onProgress: (step, events, total) => onProgress(progressOf(step, events, total)),
  });
  onProgress('index');
  const index = await log.checkDerived(findings);
  return {
    ...verification,
    findings: findings.all(),
    accounts: ledger.accounts(),
    totals: ledger.totals(),
    index,
    elapsed: performance.now() - started,
  };
}

function assertLog(data: string): void {
  if (existsSync(join(data, 'log.db'))) return;
  throw new EventSourcingError(
    'store-unavailable',
    `There is no log.db in ${data}: name a bank's directory by --data, or start the bank once.`,
  );
}

/** Without keys everything else is looked at all the same. */
async function openVault(
  { data, masterKey, personalData }: VerifyBankOptions,
  findings: Findings,
  opened: AsyncDisposableStack,
): Promise<Vault | undefined> {
  if (!personalData) return undefined;
  try {
    const keys = opened.adopt(openSqliteKeyReader({ directory: data }), (each) => each.close());
    const key = await loadMasterKey({ env: masterKey, file: join(data, 'master.key'), keysExist: true });
    return await createVault({ keys, masterKey: key });
  } catch (error) {
    if (!(error instanceof EventSourcingError)) throw error;
    findings.add('keys-unusable', 'keys.db and the master key', error.message);
    return undefined;
  }
}

function openSnapshots(
  data: string,
  findings: Findings,
  opened: AsyncDisposableStack,
): SnapshotSource | undefined {
  try {
    const source = openSqliteSnapshotSource(data);
    return source && opened.adopt(source, (each) => each.close());
  } catch (error) {
    if (!(error instanceof EventSourcingError)) throw error;
    findings.add('snapshots-damaged', 'snapshots.db', error.message);
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
