import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { canRun, said, startAppender } from '../testing/program.ts';
import { answers, earlyAnswers, isSync, readTrace } from '../testing/trace.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

let root: string;
let directory: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'openbank-durability-'));
  directory = join(root, 'data');
});
afterEach(() => rmSync(root, { recursive: true }));

const traceFile = () => join(root, 'trace');
const strace = (...more: readonly string[]) => ['strace', '-f', '-qq', '-y', '-o', traceFile(), ...more];
const trace = () => readTrace(readFileSync(traceFile(), 'latin1'));

async function idsInLog(): Promise<ReadonlySet<string>> {
  const store = await openSqliteEventStore({ directory });
  const ids = new Set<string>();
  for await (const { events } of store.readAll()) for (const { id } of events) ids.add(id);
  await store.close();
  return ids;
}

function expectAll(ids: ReadonlySet<string>, acknowledged: readonly string[]): void {
  expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
}

describe.runIf(canRun('strace', '-V'))('the order of system calls', () => {
  test('no answer leaves before the sync that covers its bytes has returned', async () => {
    // A string as long as a page, so that the trace shows which write carries which event.
    const under = strace('-s', '8400', '-e', 'trace=fsync,fdatasync,pwrite64,write');
    const appender = startAppender({ directory, clients: 16, appends: 12, under });
    await appender.ended();
    expect(appender.lines.at(-1)).toBe('closed');
    const calls = trace();
    expect(answers(calls)).toHaveLength(16 * 12);
    expect(earlyAnswers(calls)).toEqual([]);
    // The judgement can fail: had any one sync not been there, it would have said so.
    const syncs = calls.filter((call) => isSync(call, 'log.db-wal'));
    const without = syncs.map((sync) => earlyAnswers(calls.filter((call) => call !== sync)).length);
    expect(Math.max(...without)).toBeGreaterThan(0);
    expect(earlyAnswers(calls.filter((call) => !isSync(call, 'log.db-wal')))).toHaveLength(16 * 12);
  });

  test('what a killed process has left is synced before anything is served', async () => {
    const killed = startAppender({ directory });
    await killed.saying('ok', 50);
    await killed.kill();
    const under = strace('-e', 'trace=fsync,fdatasync,write,pwrite64');
    const appender = startAppender({ directory, clients: 0, under });
    await appender.ended();
    const calls = trace();
    const open = calls.find(({ name, text }) => name === 'write' && text.includes('"open'));
    const moved = calls.find(({ name, text }) => name === 'pwrite64' && text.includes('/log.db>'));
    const wal = calls.find((call) => isSync(call, 'log.db-wal'));
    const log = calls.find((call) => isSync(call, 'log.db') && call.begin > (moved?.end ?? 0));
    const ends = [wal, moved, log, open].map((call) => call?.end ?? 0);
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
    expect(Math.min(...ends)).toBeGreaterThan(0);
  });
});

describe.runIf(canRun('strace', '-V'))('a sync that fails', () => {
  test.each([
    { nth: 1, error: 'EIO' },
    { nth: 2, error: 'EIO' },
    { nth: 3, error: 'EIO' },
    { nth: 9, error: 'EIO' },
    // A full disk that shows at the sync only is no refusal: nobody knows what is on the disk.
    { nth: 4, error: 'ENOSPC' },
  ])('stops the store, number $nth with $error: nothing more is acknowledged', async ({ nth, error }) => {
    await (await openSqliteEventStore({ directory })).close();
    const under = strace(
      ...['-P', join(directory, 'log.db-wal'), '-P', join(directory, 'log.db')],
      ...['-e', 'trace=fsync,fdatasync', '-e', `inject=fsync,fdatasync:error=${error}:when=${nth}`],
    );
    const appender = startAppender({ directory, clients: 8, appends: 20, under });
    await appender.ended();
    const { lines } = appender;
    const failed = lines.findIndex((line) => line.startsWith('no outcome-unknown'));
    expect(failed).toBeGreaterThan(0);
    expect(said(lines.slice(failed), 'ok')).toEqual([]);
    expect(new Set(said(lines, 'no'))).toEqual(new Set(['outcome-unknown']));
    expect(said(lines, 'state')).toEqual(['stopped']);
    // What was durable is read on, and not one sync is tried after the one that failed.
    expect(Number(said(lines, 'read')[0])).toBeGreaterThanOrEqual(said(lines, 'ok').length);
    expect(trace().at(-1)?.result).toContain('INJECTED');
    expectAll(await idsInLog(), said(lines, 'ok'));
  });
});

describe.runIf(canRun('strace', '-V'))('a lone caller, each of whose appends is a group of its own', () => {
  const APPENDS = 4;
  /** The first append of a fresh write-ahead log needs two syncs: of its header and of the rows. */
  const acknowledgedBefore = (nth: number) => Math.max(0, nth - 2);

  // The last one is the sync of the checkpoint at the end, when all is acknowledged.
  test.each(Array.from({ length: APPENDS + 2 }, (_, before) => ({ nth: before + 1 })))(
    'keeps what was acknowledged before sync number $nth failed, and gets no acknowledgement after it',
    async ({ nth }) => {
      await (await openSqliteEventStore({ directory })).close();
      const under = strace(
        ...['-P', join(directory, 'log.db-wal'), '-P', join(directory, 'log.db')],
        ...['-e', 'trace=fsync,fdatasync', '-e', `inject=fsync,fdatasync:error=EIO:when=${nth}`],
      );
      const { ended, lines } = startAppender({ directory, clients: 1, appends: APPENDS, under });
      await ended();
      expect(said(lines, 'ok')).toHaveLength(acknowledgedBefore(nth));
      expect(said(lines, 'no')).toEqual(nth > APPENDS + 1 ? [] : ['outcome-unknown']);
      const ids = await idsInLog();
      expectAll(ids, said(lines, 'ok'));
      expect(ids.size).toBeLessThanOrEqual(acknowledgedBefore(nth) + 1);
    },
  );
});

test('ten kills under load lose nothing that was acknowledged', async () => {
  const acknowledged: string[] = [];
  for (let kill = 0; kill < 10; kill++) {
    const appender = startAppender({ directory, clients: 16 });
    await appender.saying('ok', 20 + kill * 40);
    await appender.kill();
    acknowledged.push(...said(appender.lines, 'ok'));
  }
  expectAll(await idsInLog(), acknowledged);
  const store = await openSqliteEventStore({ directory });
  for (const id of acknowledged) {
    expect(await store.claim(`idempotency/anonymous/${id}`)).toBeDefined();
  }
  await store.close();
});
