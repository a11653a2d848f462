import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What a load of deposits came to. */
export interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface LoadOptions {
  readonly address: string;
  readonly accounts: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  /** Each request with an idempotency key of its own. Default: yes. */
  readonly keys?: boolean;
}

/** Deposits from many connections at once, by Debian's `wrk`: a load generator in C leaves both cores to the server. */
export async function loadDeposits(options: LoadOptions): Promise<Load> {
  const folder = mkdtempSync(join(tmpdir(), 'openbank-load-'));
  const script = join(folder, 'deposits.lua');
  writeFileSync(script, scriptFor(options));
  const { address, connections, seconds } = options;
  const url = `${address}/api/v1/transactions/deposit`;
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-s', script, url];
  const { stdout } = await promisify(execFile)('wrk', args).catch(explain);
  rmSync(folder, { recursive: true });
  return read(stdout);
}

function scriptFor({ accounts, keys = true }: LoadOptions): string {
  const run = Math.random().toString(36).slice(2);
  return `
local accounts = { "${accounts.join('", "')}" }
local count = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
request = function()
  count = count + 1
  ${keys ? `wrk.headers["Idempotency-Key"] = "${run}-" .. count` : ''}
  local body = '{"account_id":"' .. accounts[math.random(#accounts)] .. '","amount":"100.00","description":"Salary"}'
  return wrk.format(nil, nil, nil, body)
end
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %f %d %d %d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end`;
}

function read(output: string): Load {
  const found = /^RESULT ([\d.]+) (\d+) (\d+) (\d+)$/m.exec(output);
  if (found === null) throw new Error(`wrk said something else:\n${output}`);
  const [perSecond = 0, p50 = 0, p99 = 0, errors = 0] = found.slice(1).map(Number);
  if (errors > 0) throw new Error(`${errors} of the requests failed:\n${output}`);
  return { perSecond, p50Ms: p50 / 1000, p99Ms: p99 / 1000 };
}

function explain(error: Error & { code?: string }): never {
  if (error.code === 'ENOENT') throw new Error('This benchmark needs wrk: apt-get install wrk');
  throw error;
}
