import {
  createMemoryEventStore,
  createProgress,
  type EventStore,
  type Progress,
} from '@openbank/eventsourcing';
import { appendTo, commitOf, newEvent } from '@openbank/eventsourcing/testing';
import { beforeEach, expect, test } from 'vitest';
import { createHealth } from './health.ts';
import type { Health } from './http/health.ts';

const V1 = { name: 'accounts', version: 1 };
const V2 = { name: 'accounts', version: 2 };
const REASON = {
  code: 'event-not-projected',
  event: 'bank-account-1@7',
  message: 'Alice Smith has no balance',
};

let store: EventStore;
let progress: Progress;
let health: Health;

beforeEach(() => {
  store = createMemoryEventStore();
  progress = createProgress();
  health = createHealth({ reader: store, progress, projections: [V2], now: () => 5_000_000 });
});

async function append(recordedAt: number): Promise<string> {
  const { position } = await store.append(
    commitOf(appendTo(`s-${recordedAt}`, 'no-stream', [newEvent({ recordedAt })])),
  );
  return position;
}

test('is not ready before anything is known of a read model', async () => {
  expect(await health.check()).toEqual({
    ready: false,
    store: 'ok',
    head: null,
    projections: [
      { ...V2, status: 'filling', live: false, position: null, target: null, lag_ms: 0, reason: null },
    ],
  });
});

test('is ready once a version is live, and says how long the oldest event that it does not show has waited', async () => {
  const position = await append(1_000_000);
  const head = await append(2_000_000);
  progress.tell({ kind: 'live', ...V2 });
  progress.tell({ kind: 'moved', ...V2, position });
  expect(await health.check()).toMatchObject({
    ready: true,
    head,
    projections: [{ ...V2, status: 'running', live: true, position, lag_ms: 3_000 }],
  });
});

test('is not ready while a read model is filled for the first time, and says how far that is', async () => {
  const position = await append(1_000_000);
  const target = await append(2_000_000);
  progress.tell({ kind: 'started', ...V2, position, target });
  expect(await health.check()).toMatchObject({
    ready: false,
    projections: [{ ...V2, status: 'filling', live: false, position, target }],
  });
});

test('is ready while a version is filled beside the live one', async () => {
  progress.tell({ kind: 'live', ...V1 });
  progress.tell({ kind: 'started', ...V2, position: undefined, target: '9' });
  expect(await health.check()).toMatchObject({
    ready: true,
    projections: [
      { ...V1, status: 'running', live: true },
      { ...V2, status: 'filling', live: false, target: '9' },
    ],
  });
});

test('is not ready while a projection is stopped, and gives its code and event, never the words of the error', async () => {
  progress.tell({ kind: 'live', ...V2 });
  progress.tell({ kind: 'stopped', ...V2, reason: REASON });
  const report = await health.check();
  expect(report).toMatchObject({
    ready: false,
    projections: [{ status: 'stopped', live: true, reason: 'event-not-projected at bank-account-1@7' }],
  });
  expect(JSON.stringify(report)).not.toContain('Alice');
});

test('is not ready while what queries are answered from waits for its store, and says why', async () => {
  const waiting = { code: 'storage-full', event: undefined, message: 'no room' };
  progress.tell({ kind: 'live', ...V2 });
  progress.tell({ kind: 'waiting', ...V2, reason: waiting });
  expect(await health.check()).toMatchObject({
    ready: false,
    projections: [{ status: 'waiting', live: true, reason: 'storage-full' }],
  });
  progress.tell({ kind: 'moved', ...V2, position: '1' });
  expect(await health.check()).toMatchObject({ ready: true, projections: [{ status: 'running' }] });
  progress.tell({ kind: 'waiting', ...V1, reason: waiting });
  expect((await health.check()).ready).toBe(true);
});

test('does not mind that a version has stopped that was replaced', async () => {
  progress.tell({ kind: 'live', ...V1 });
  progress.tell({ kind: 'live', ...V2 });
  progress.tell({ kind: 'stopped', ...V1, reason: REASON });
  expect((await health.check()).ready).toBe(true);
});

test('is not ready while the store takes no writes or cannot be asked', async () => {
  progress.tell({ kind: 'live', ...V2 });
  const options = { reader: store, progress, projections: [V2] };
  const readOnly = createHealth({ ...options, isWritable: () => false });
  expect(await readOnly.check()).toMatchObject({ ready: false, store: 'read-only' });
  await store.close();
  expect(await health.check()).toEqual({ ready: false, store: 'unreachable', head: null, projections: [] });
});
