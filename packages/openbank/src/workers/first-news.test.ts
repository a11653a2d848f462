import { createProgress } from '@openbank/eventsourcing';
import { expect, test } from 'vitest';
import { firstNews } from './first-news.ts';

const ACCOUNTS = { name: 'accounts', version: 1 };
const PERSONS = { name: 'persons', version: 1 };

test('waits for news of every read model', async () => {
  const progress = createProgress();
  let known = false;
  const waiting = firstNews(progress, [ACCOUNTS, PERSONS], 60_000).then(() => {
    known = true;
  });
  progress.tell({ kind: 'live', ...ACCOUNTS });
  progress.tell({ kind: 'started', ...PERSONS, position: undefined, target: undefined });
  await new Promise(setImmediate);
  expect(known).toBe(false);
  progress.tell({ kind: 'live', ...PERSONS });
  await waiting;
});

test('does not wait for one that is being filled, or has stopped', async () => {
  const progress = createProgress();
  progress.tell({ kind: 'started', ...ACCOUNTS, position: undefined, target: '9' });
  const reason = { code: 'x', event: undefined, message: 'x' };
  progress.tell({ kind: 'stopped', ...PERSONS, reason });
  await firstNews(progress, [ACCOUNTS, PERSONS], 60_000);
});

test('waits no longer than it is told', async () => {
  await firstNews(createProgress(), [ACCOUNTS], 5);
});
