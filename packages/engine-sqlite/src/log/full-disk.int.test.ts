import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCommitter, createStamps } from '../testing/commits.ts';
import { canRun, said, startAppender } from '../testing/program.ts';
import { openSqliteEventStore, type SqliteEventStore } from './sqlite-event-store.ts';

let root: string;
let directory: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'openbank-full-'));
  directory = join(root, 'data');
});
afterEach(() => rmSync(root, { recursive: true }));

async function idsOf(store: SqliteEventStore): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { events } of store.readAll()) ids.push(...events.map(({ id }) => id));
  return ids;
}

const NO_SPACE = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=pwrite64'];

test.runIf(canRun('strace', '-V')).each([
  { what: 'of the write-ahead log', file: 'log.db-wal', when: '10..20' },
  { what: 'of the database at a checkpoint', file: 'log.db', when: '1..40' },
])('writes $what that a full disk refuses stop nothing', async ({ file, when }) => {
  await (await openSqliteEventStore({ directory })).close();
  const under = [
    ...NO_SPACE,
    ...['-P', join(directory, file), '-e', `inject=pwrite64:error=ENOSPC:when=${when}`],
  ];
  const appender = startAppender({ directory, clients: 40, appends: 40, under });
  await appender.ended();
  const { lines } = appender;
  expect([...new Set(said(lines, 'no'))]).toEqual(file === 'log.db' ? [] : ['storage-full']);
  expect(said(lines, 'state')).toEqual(['running']);
  expect(lines.at(-1)).toBe('closed');
  // A refusal is definite: what was refused is not there, also after a start.
  const refused = lines.filter((line) => line.startsWith('no ')).map((line) => line.split(' ')[2] ?? '');
  const store = await openSqliteEventStore({ directory });
  const ids = new Set(await idsOf(store));
  await store.close();
  expect(said(lines, 'ok').length).toBeGreaterThan(500);
  expect(said(lines, 'ok').filter((id) => !ids.has(id))).toEqual([]);
  expect(refused.filter((id) => ids.has(id))).toEqual([]);
});

test.runIf(canRun('prlimit', '--version'))(
  'short writes at a size limit are refused, and nothing of them is there',
  async () => {
    const appender = startAppender({
      directory,
      clients: 4,
      appends: 100,
      under: ['prlimit', '--fsize=300000'],
    });
    await appender.ended();
    const { lines } = appender;
    expect(new Set(said(lines, 'no'))).toEqual(new Set(['storage-full']));
    expect(said(lines, 'state')).toEqual(['running']);
    expect(said(lines, 'read')).toEqual([String(said(lines, 'ok').length)]);
    const store = await openSqliteEventStore({ directory });
    expect((await idsOf(store)).toSorted()).toEqual(said(lines, 'ok').toSorted());
    await store.close();
  },
);

const canMount = process.getuid?.() === 0 || process.env.OPENBANK_REQUIRE === 'all';

test.runIf(canMount)('a full disk refuses, reads go on, and room brings writes back', async () => {
  mkdirSync(directory);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'none', directory]);
  expect(mounted.status).toBe(0);
  try {
    const store = await openSqliteEventStore({ directory });
    const ballast = join(directory, 'ballast');
    writeFileSync(ballast, Buffer.alloc(2 * 1024 * 1024));
    const committer = createCommitter('a', createStamps(0));
    const written: string[] = [];
    const append = async (commit = committer.next()) => {
      await store.append(commit);
      written.push(commit.streams[0]?.events[0]?.id ?? '');
    };

    let refusal: unknown;
    let refused = committer.next();
    while (refusal === undefined) {
      await append(refused).then(
        () => {
          refused = committer.next();
        },
        (error: unknown) => {
          refusal = error;
        },
      );
    }
    expect(refusal).toMatchObject({ code: 'storage-full' });
    expect(store.state).toEqual({ kind: 'running' });
    expect(await idsOf(store)).toEqual(written);
    expect(await store.claim('idempotency/anonymous/none')).toBeUndefined();
    await expect(store.append(refused)).rejects.toMatchObject({ code: 'storage-full' });

    rmSync(ballast);
    await append(refused);
    for (let i = 0; i < 100; i++) await append();
    expect(await idsOf(store)).toEqual(written);
    await store.close();
  } finally {
    spawnSync('umount', [directory]);
  }
});
