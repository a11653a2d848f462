import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { assertWrk } from './http/load.ts';
import { inDirectory } from './in-directory.ts';
import { postgresBinaries } from './postgres/binaries.ts';

const BENCH = fileURLToPath(new URL('./bench.ts', import.meta.url));

/** So small that nothing of it is worth knowing but that it runs. */
const TINY = ['--rounds', '2', '--seconds', '1', '--accounts', '5', '--events', '1000'];

const POSTGRES = ['emmett-postgresql', ...TINY];

const hasWrk = await assertWrk().then(
  () => true,
  () => false,
);

/** Also where tests are given real servers. */
const ON_LOOK_ALIKES = { ...process.env, OPENBANK_TEST_KURRENTDB: '', OPENBANK_TEST_MONGODB: '' };

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function bench(args: readonly string[], env = process.env): Promise<Ended> {
  try {
    return { code: 0, ...(await promisify(execFile)(process.execPath, [BENCH, ...args], { env })) };
  } catch (error) {
    const { code, stdout, stderr } = Object(error);
    return { code, stdout, stderr };
  }
}

it('prints one table of what was asked for, and says on standard error what it does', async () => {
  const { code, stdout, stderr } = await bench(['appends', 'index', ...TINY]);
  expect(code).toBe(0);
  const table = stdout.split('\n').filter((line) => line.startsWith('|'));
  expect(table[0]).toMatch(/^\| what +\| median +\| range +\| ratio +\| goal +\| reached \|$/);
  expect(table.join('\n')).toMatch(
    /\| kit \(repository\), 64 commands at once +\| .* per s +\| .* of the floor \| at least 0.70/,
  );
  expect(table.join('\n')).toMatch(/\| index made again at the start/);
  expect(new Set(table.map((line) => line.length)).size).toBe(1);
  expect(stderr).toMatch(/appends \(1 of 2\): round 2 of 2, floor: .*\/s/);
});

it('gives scripts an object with every figure', async () => {
  const { stdout } = await bench(['index', '--json', ...TINY]);
  expect(JSON.parse(stdout)).toMatchObject({
    machine: { cores: expect.any(Number), node: process.versions.node },
    rows: [
      {
        unit: 'per s',
        figures: [expect.any(Number), expect.any(Number)],
        goal: { met: expect.any(Boolean) },
      },
    ],
    failures: [],
  });
});

it('measures engines against their clients alone, and never a rate of a look-alike', async () => {
  const { code, stdout, stderr } = await bench(['kurrentdb', 'mongodb', ...TINY], ON_LOOK_ALIKES);
  expect([code, stderr]).toEqual([0, expect.stringContaining('engine: reading all of a log')]);
  const rows = stdout.split('\n').filter((line) => / us +\|/.test(line));
  expect(rows).toHaveLength(22);
  expect(rows.every((row) => row.includes('(against a look-alike: overhead of ours only)'))).toBe(true);
  expect(stdout).toMatch(/engine \(against .*\) +\| .* of client alone +\| at least 0.80/);
  expect(stdout).not.toContain('per s');
}, 120_000);

it('shares a log among one, two and four projector processes', async () => {
  const small = ['--rounds', '1', '--events', '300', '--accounts', '50'];
  const { code, stdout } = await bench(['projectors', ...small], ON_LOOK_ALIKES);
  expect(code).toBe(0);
  expect(stdout).toMatch(/4 processes: events of a log \(on look-alikes.*of one process/);
  expect(stdout).toMatch(/2 processes: events for each second of the projectors' processor time/);
}, 180_000);

describe.skipIf(!hasPostgres())('with a PostgreSQL of its own', { timeout: 120_000 }, () => {
  it('measures the kit beside Emmett, and leaves nothing behind', () =>
    inOpenDirectory(async (directory) => {
      const { code, stdout, stderr } = await bench([...POSTGRES, '--directory', directory]);
      expect([code, stderr]).toEqual([0, expect.stringContaining('round 2 of 2, emmett 64 at once')]);
      expect(stdout).toMatch(/emmett-postgresql on PostgreSQL [\d.]+, one by one +\| .* per s/);
      expect(stdout).toMatch(/kit, 64 commands at once +\| .* of emmett-postgresql +\| at least 30/);
      expect(readdirSync(directory)).toEqual([]);
    }));

  it('leaves nothing behind where it is interrupted', () =>
    inOpenDirectory(async (directory) => {
      const child = spawn(process.execPath, [BENCH, ...POSTGRES, '--directory', directory]);
      const exited = once(child, 'exit');
      for await (const line of createInterface({ input: child.stderr })) {
        if (line.includes('round 1')) child.kill('SIGINT');
      }
      expect(await exited).toEqual([130, null]);
      expect(readdirSync(directory)).toEqual([]);
      expect(commandLines().filter((line) => line.includes(directory))).toEqual([]);
    }));
});

it.skipIf(!hasWrk)(
  'measures batches over HTTP, and finds all of their money in the log',
  async () => {
    const { code, stdout, stderr } = await bench(['batch', ...TINY, '--rounds', '1']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('round 1 of 1, independent')]);
    expect(stdout).toMatch(/in atomic batches of 1,000 over HTTP +\| .* of the floor +\| at least 60,000/);
    expect(stdout).toMatch(/in independent batches of 1,000 over HTTP +\| .* per s/);
  },
  120_000,
);

it('says what to install where PostgreSQL is missing, before it measures anything', async () => {
  const env = { ...process.env, OPENBANK_BENCH_POSTGRESQL: '/nowhere' };
  const { code, stderr } = await bench(['appends', 'emmett-postgresql', ...TINY], env);
  expect(code).toBe(2);
  expect(stderr).toContain('apt-get install --no-install-recommends postgresql-15');
  expect(stderr).not.toContain('round');
});

it('draws what was reached against each goal where it is told to', () =>
  inDirectory(tmpdir(), async (directory) => {
    const file = join(directory, 'goals.svg');
    const { code } = await bench(['index', '--plot', file, ...TINY]);
    expect(code).toBe(0);
    expect(readFileSync(file, 'utf8')).toMatch(/^<svg .*index made again at the start/s);
  }));

it.each([
  [['apends'], 'There is no part "apends": deposits,'],
  [['--rounds', '0'], '--rounds must be a whole number'],
  [['--quik'], '--quik'],
  [['--directory', '/nowhere'], 'there is no folder /nowhere: name one that exists'],
  [['--plot', '/nowhere/goals.svg'], 'there is no folder /nowhere: name a file in one that exists'],
  [['--plot', '/'], '/ is a folder: name a file'],
])('refuses a command line that is wrong: %j', async (args, message) => {
  const { code, stdout, stderr } = await bench(args);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

it('says what to install where the load generator is missing, before it measures anything', async () => {
  const { code, stderr } = await bench(['appends', 'deposits', ...TINY], {
    ...process.env,
    PATH: '/nowhere',
  });
  expect(code).toBe(2);
  expect(stderr).toContain('apt-get install wrk');
  expect(stderr).not.toContain('round');
});

it('names its parts', async () => {
  const { stdout } = await bench(['--list']);
  expect(stdout).toMatch(/^deposits +deposits and transfers over HTTP/);
  expect(stdout).toMatch(/^safeguards .*\(only by name\)$/m);
});

it('names its parts to scripts', async () => {
  const { stdout } = await bench(['--list', '--json']);
  expect(JSON.parse(stdout)).toContainEqual({
    part: 'safeguards',
    about: expect.any(String),
    only_by_name: true,
  });
});

/** Open to the user that PostgreSQL runs as, too. */
function inOpenDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  return inDirectory(tmpdir(), (directory) => {
    chmodSync(directory, 0o755);
    return work(directory);
  });
}

/** Of all processes that there are; of none where the system does not say (it is not Linux). */
function commandLines(): readonly string[] {
  if (!existsSync('/proc')) return [];
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.map((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  });
}

function hasPostgres(): boolean {
  try {
    return spawnSync(join(postgresBinaries(), 'initdb'), ['--version']).status === 0;
  } catch {
    return false;
  }
}
