import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inDirectory } from '../in-directory.ts';

/** What a load came to. */
export interface Load {
  readonly perSecond: number;
  /** Requests that were answered, all of them well. */
  readonly answered: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface LoadOptions {
  readonly address: string;
  readonly connections: number;
  readonly seconds: number;
  /** Lua that sets `wrk.method` and the like, and defines `request`. Its `run` is another text in each load. */
  readonly script: string;
}

/** Requests from many connections at once, by `wrk`: a load generator in C leaves most of both cores to the server. */
export function load({ address, connections, seconds, script }: LoadOptions): Promise<Load> {
  return inDirectory(tmpdir(), async (folder) => {
    const file = join(folder, 'load.lua');
    // Keys must not come back in the next load: it would be answered, and nothing would be recorded.
    writeFileSync(file, `local run = "${randomUUID()}"\n${script}${REPORT}`);
    const size = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s'];
    const { stdout } = await promisify(execFile)('wrk', [...size, '--latency', '-s', file, address]);
    return read(stdout);
  });
}

/** Up to two seconds of the same load first, and then the one that counts. Both are in `answered`. */
export async function warmLoad(options: LoadOptions): Promise<Load> {
  const { answered } = await load({ ...options, seconds: Math.min(2, options.seconds) });
  const measured = await load(options);
  return { ...measured, answered: answered + measured.answered };
}

/** @throws Error - says what to install */
export async function assertWrk(): Promise<void> {
  // It has no command that only tells its version: this one ends with 1.
  const failure = await promisify(execFile)('wrk', ['-v']).catch((error: { code?: unknown }) => error);
  if ('code' in failure && failure.code === 'ENOENT') throw new Error(MISSING);
}

const MISSING =
  'wrk, which makes the HTTP load, is not installed. Install it (Debian, Ubuntu: apt-get install wrk; macOS: brew install wrk) and run this again, or name only parts that need no HTTP.';

const REPORT = `
done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %f %d %d %d %d\\n", summary.requests / summary.duration * 1e6, summary.requests,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
`;

function read(output: string): Load {
  const found = /^RESULT ([\d.]+) (\d+) (\d+) (\d+) (\d+)$/m.exec(output);
  if (found === null) throw new Error(`wrk said something else:\n${output}`);
  const [perSecond = 0, answered = 0, p50 = 0, p99 = 0, errors = 0] = found.slice(1).map(Number);
  if (errors > 0) throw new Error(`${errors} of the requests failed:\n${output}`);
  return { perSecond, answered, p50Ms: p50 / 1000, p99Ms: p99 / 1000 };
}
