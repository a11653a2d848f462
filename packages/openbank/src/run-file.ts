import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processStart } from './process-start.ts';

/** What a running bank tells the command line about itself, in its data directory. */
export interface RunFile {
  readonly pid: number;
  /** See `processStart`: a later process with the same id is not ours. */
  readonly processStart: string;
  /** `http://127.0.0.1:8899`, with the port that is really listened on; null until it answers. */
  readonly address: string | null;
  /** RFC 3339. */
  readonly startedAt: string;
  /** Absent until it answers. */
  readonly access?: Access;
}

/** Who can reach the bank, and how. */
export interface Access {
  /** As it was configured: `0.0.0.0`, for example. */
  readonly host: string;
  /** Whether callers send OPENBANK_TOKEN. */
  readonly needsToken: boolean;
}

/** Another process serves this directory already. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
  readonly code = 'already-running';

  constructor({ pid, address }: RunFile) {
    const where = address === null ? 'starting' : `running at ${address}`;
    super(`already ${where} (process ${pid}): ./openbank stop ends it.`);
  }
}

export const RUN_FILE = 'openbank.run.json';

/** Written whole or not at all: when the bank begins to start, and again once it answers. */
export function writeRunFile(data: string, address: string | null, access?: Access): void {
  const { pid } = process;
  const run: RunFile = {
    pid,
    processStart: processStart(pid) ?? '',
    address,
    startedAt: new Date().toISOString(),
    ...(access !== undefined && { access }),
  };
  const path = join(data, RUN_FILE);
  // One that a killed bank has left keeps its mode.
  rmSync(`${path}.new`, { force: true });
  writeFileSync(`${path}.new`, `${JSON.stringify(run)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Removes this process's own run file, not that of a bank that has taken over meanwhile. */
export function removeRunFile(data: string): void {
  if (readRunFile(data)?.pid === process.pid) rmSync(join(data, RUN_FILE), { force: true });
}

/** The bank that runs on this directory; undefined where none does, whatever an earlier one has left behind. */
export function runningBank(data: string): RunFile | undefined {
  const run = readRunFile(data);
  return run !== undefined && isAlive(run) ? run : undefined;
}

/** Whether the very process that wrote the file is still there. */
export function isAlive({ pid, processStart: start }: RunFile): boolean {
  return start !== '' && processStart(pid) === start;
}

function readRunFile(data: string): RunFile | undefined {
  try {
    const run: unknown = JSON.parse(readFileSync(join(data, RUN_FILE), 'utf8'));
    return isRunFile(run) ? run : undefined;
  } catch {
    return undefined;
  }
}

function isRunFile(run: unknown): run is RunFile {
  if (typeof run !== 'object' || run === null) return false;
  if (!('pid' in run && 'processStart' in run && 'address' in run && 'startedAt' in run)) return false;
  if ('access' in run && !isAccess(run.access)) return false;
  const texts = [run.processStart, run.address ?? '', run.startedAt].every(
    (text) => typeof text === 'string',
  );
  return texts && Number.isSafeInteger(run.pid) && Number(run.pid) > 0;
}

function isAccess(access: unknown): access is Access {
  if (typeof access !== 'object' || access === null) return false;
  if (!('host' in access && 'needsToken' in access)) return false;
  return typeof access.host === 'string' && typeof access.needsToken === 'boolean';
}
