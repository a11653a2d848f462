import { existsSync } from 'node:fs';
import { Command } from 'commander';
import type { Config } from '../config.ts';
import { directorySize, isDataDirectory } from '../data-directory.ts';
import type { HealthAnswer, ProjectionHealth } from '../http/health.ts';
import { runningBank } from '../run-file.ts';
import { describeAccess } from './access.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import type { MakeCommand } from './make-command.ts';
import { configOf, withSettings } from './settings-options.ts';

export const statusCommand: MakeCommand = (io, end) => {
  const command = new Command('status')
    .description('what runs, and how it is')
    .option('--json', 'as one JSON object, for scripts', false)
    .addHelpText(
      'after',
      '\nEnds with 3 where no bank runs.\n\nExamples:\n  ./openbank status\n  ./openbank status --json',
    )
    .action(async ({ json }: { json: boolean }) => end(await showStatus(configOf(command, io), json, io)));
  return withSettings(command, ['data']);
};

interface Status {
  readonly running: boolean;
  readonly pid: number | null;
  readonly address: string | null;
  /** Where it listens, as configured, and whether callers need a token; null until it answers. */
  readonly host: string | null;
  readonly needs_token: boolean | null;
  readonly started_at: string | null;
  readonly uptime_seconds: number | null;
  /** What `/health/ready` answers; null where it does not. */
  readonly health: HealthAnswer | null;
  readonly data: string;
  /** Bytes of the data directory. */
  readonly data_bytes: number;
}

async function showStatus({ data }: Config, json: boolean, io: Io): Promise<ExitCode> {
  const status = await readStatus(data);
  if (json) io.out(JSON.stringify(status));
  else for (const line of describe(status)) io.out(line);
  return status.running ? EXIT.ok : EXIT.notRunning;
}

async function readStatus(data: string): Promise<Status> {
  const bank = runningBank(data);
  const data_bytes = isDataDirectory(data) ? directorySize(data) : 0;
  if (bank === undefined) {
    const unknown = { host: null, needs_token: null };
    const nothing = {
      pid: null,
      address: null,
      ...unknown,
      started_at: null,
      uptime_seconds: null,
      health: null,
    };
    return { running: false, ...nothing, data, data_bytes };
  }
  return {
    running: true,
    pid: bank.pid,
    address: bank.address,
    host: bank.access?.host ?? null,
    needs_token: bank.access?.needsToken ?? null,
    started_at: bank.startedAt,
    uptime_seconds: Math.round((Date.now() - Date.parse(bank.startedAt)) / 1000),
    health: bank.address === null ? null : await askHealth(bank.address),
    data,
    data_bytes,
  };
}

/** Both 200 and 503 are answers: the bank says how it is. */
async function askHealth(address: string): Promise<HealthAnswer | null> {
  try {
    const response = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(5_000) });
    const health: unknown = await response.json();
    return isHealthAnswer(health) ? health : null;
  } catch {
    return null;
  }
}

function isHealthAnswer(health: unknown): health is HealthAnswer {
  return typeof health === 'object' && health !== null && 'projections' in health && 'head' in health;
}

function describe(status: Status): readonly string[] {
  const data = `data         ${status.data} (${sizeOf(status)})`;
  if (!status.running) return ['OpenBank is not running.', data];
  const { health, host, needs_token: needsToken } = status;
  const access = host === null || needsToken === null ? undefined : describeAccess({ host, needsToken });
  return [
    status.address === null ? 'OpenBank is starting.' : `OpenBank runs at ${status.address}`,
    ...(access === undefined ? [] : [`access       ${access}`]),
    `process      ${status.pid}, for ${duration(status.uptime_seconds ?? 0)}`,
    `health       ${health?.status ?? 'it does not answer'}`,
    ...(health === null
      ? []
      : [`events       ${health.head === null ? 'none yet' : `up to position ${health.head}`}`]),
    ...(health?.projections ?? []).map((projection) => `projection   ${describeProjection(projection)}`),
    data,
  ];
}

function describeProjection(projection: ProjectionHealth): string {
  const { name, version, status, live, position, target, lag_ms, reason } = projection;
  const at = `at ${position ?? 'the start'}${target === null ? '' : ` of ${target}`}`;
  const parts = [reason === null ? status : `${status} (${reason})`, at, `${lag_ms} ms behind`];
  return `${name} version ${version}: ${[...parts, ...(live ? [] : ['not in use'])].join(', ')}`;
}

function sizeOf({ data, data_bytes: bytes }: Status): string {
  if (!existsSync(data)) return 'there is none';
  return isDataDirectory(data) ? megabytes(bytes) : 'no bank is in it';
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}
