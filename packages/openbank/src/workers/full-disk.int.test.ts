import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projections as models } from '@openbank/bank';
import { openSqliteEventStore, type SqliteEventStore } from '@openbank/engine-sqlite';
import { createProgress } from '@openbank/eventsourcing';
import { appendTo, commitOf, newEvents } from '@openbank/eventsourcing/testing';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHealth } from '../health.ts';
import { type Projections, superviseProjections } from './supervise.ts';

// A file system of its own can only be mounted by root.
describe.runIf(process.getuid?.() === 0)('projections on a disk that is full', { timeout: 60_000 }, () => {
  const FILES = { engine: 'sqlite', text: 'sqlite' } as const;

  let directory: string;
  let disk: string;
  let store: SqliteEventStore;
  let projections: Projections;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'openbank-full-'));
    disk = join(directory, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk]);
    // Only the read models are on it: the log is to go on.
    symlinkSync(join(disk, 'read-models.db'), join(directory, 'read-models.db'));
    store = await openSqliteEventStore({ directory });
  });
  afterEach(async () => {
    await projections.close();
    await store.close();
    execFileSync('umount', [disk]);
    rmSync(directory, { recursive: true });
  });

  it('say so while they wait for room, and go on by themselves once there is some', async () => {
    const progress = createProgress();
    const logged: string[] = [];
    const log = pino({}, { write: (line: string) => void logged.push(line) });
    const health = createHealth({ reader: store, progress, projections: models });
    projections = superviseProjections({
      stores: { directory, eventStore: FILES, readStore: FILES, sharedHead: store.sharedHead },
      projections: models,
      progress,
      log,
    });
    await expect.poll(() => health.check(), { timeout: 20_000 }).toMatchObject({ ready: true });

    fillUp();
    for (let number = 0; number < 20; number++) await append(`foreign-${number}`);
    await expect.poll(() => health.check(), { timeout: 20_000 }).toMatchObject({ ready: false });
    // They are written one after the other: the others wait for the first.
    const waiting = { status: 'waiting', live: true, reason: 'storage-full' };
    expect((await health.check()).projections).toContainEqual(expect.objectContaining(waiting));
    expect(logged.join('')).toContain('free some space');

    rmSync(join(disk, 'ballast'));
    const { position } = await append('foreign');
    await expect
      .poll(() => progress.all().map((state) => state.position), { timeout: 20_000 })
      .toEqual(models.map(() => position));
    expect(await health.check()).toMatchObject({ ready: true });
  });

  function append(stream: string) {
    return store.append(commitOf(appendTo(stream, 'no-stream', newEvents(1))));
  }

  function fillUp(): void {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(bavail * bsize));
  }
});
