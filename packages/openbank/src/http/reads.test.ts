import { accounts, getAccountDescription, getAccountsDescription, persons } from '@openbank/bank';
import {
  createMemoryEventStore,
  createProgress,
  type EventStore,
  type Progress,
} from '@openbank/eventsourcing';
import { appendTo, commitOf } from '@openbank/eventsourcing/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { createReads, type Reads } from './reads.ts';

const query = { type: 'GetAccount', accountId: 'a' } as const;

let store: EventStore;
let progress: Progress;
let reads: Reads;
let head: string;
beforeEach(async () => {
  store = createMemoryEventStore();
  progress = createProgress();
  reads = createReads({ reader: store, progress, patience: 50 });
  const { position } = await store.append(commitOf(appendTo('bank-account-a', 'no-stream')));
  head = position;
});

function fill(position: string): void {
  for (const { name, version } of [accounts, persons]) {
    progress.tell({ name, version, kind: 'moved', position });
    progress.tell({ name, version, kind: 'live' });
  }
}

describe('while a read model has never been filled', () => {
  const behind = { code: 'read-model-behind' };

  it('a list is not empty: it cannot be known', async () => {
    const list = reads.answer(getAccountsDescription, async () => [], undefined);
    await expect(list).rejects.toMatchObject(behind);
  });

  it('a half filled model is not asked', async () => {
    progress.tell({ ...accounts, kind: 'started', position: '0', target: head });
    const asked: unknown[] = [];
    const ask = async () => asked.push('asked');
    await expect(reads.answer(getAccountsDescription, ask, undefined)).rejects.toMatchObject(behind);
    await expect(reads.find(getAccountDescription, query, ask, undefined)).rejects.toMatchObject(behind);
    expect(asked).toEqual([]);
  });

  it('a list waits for it, and is answered as soon as it is filled', async () => {
    setTimeout(() => fill(head), 10);
    expect(await reads.answer(getAccountsDescription, async () => ['x'], undefined)).toEqual(['x']);
  });

  it('a projection that has stopped is said to have', async () => {
    const reason = { code: 'x', event: undefined, message: 'no' };
    for (const { name, version } of [accounts, persons])
      progress.tell({ name, version, kind: 'stopped', reason });
    const list = reads.answer(getAccountsDescription, async () => [], undefined);
    await expect(list).rejects.toMatchObject({ code: 'projection-stopped' });
  });

  it('an empty log has an empty list', async () => {
    const empty = createReads({ reader: createMemoryEventStore(), progress, patience: 50 });
    expect(await empty.answer(getAccountsDescription, async () => [], undefined)).toEqual([]);
  });
});

it('without a position a list does not wait for a model that is only late', async () => {
  fill('0000000000000000');
  expect(await reads.answer(getAccountsDescription, async () => [], undefined)).toEqual([]);
});

it('with a position a list waits for every model that it draws on', async () => {
  fill('0000000000000000');
  progress.tell({ ...accounts, kind: 'moved', position: head });
  const min = { position: head, field: 'min_position' };
  const list = () => reads.answer(getAccountsDescription, async () => ['x'], min);
  await expect(list()).rejects.toMatchObject({ code: 'read-model-behind' });
  progress.tell({ ...persons, kind: 'moved', position: head });
  expect(await list()).toEqual(['x']);
});

describe('a miss', () => {
  const late = { ...getAccountDescription, stream: () => undefined };

  it('of something that exists waits for the read model', async () => {
    fill('0000000000000000');
    let found: string | undefined;
    setTimeout(() => {
      found = 'it';
      fill(head);
    }, 10);
    expect(await reads.find(getAccountDescription, query, async () => found, undefined)).toBe('it');
  });

  it('that no stream can tell of waits too, and only then is one', async () => {
    fill('0000000000000000');
    await expect(reads.find(late, query, async () => undefined, undefined)).rejects.toMatchObject({
      code: 'read-model-behind',
    });
    fill(head);
    await expect(reads.find(late, query, async () => undefined, undefined)).rejects.toMatchObject({
      code: 'account-not-found',
    });
  });

  it('of what no stream holds is one at once', async () => {
    fill('0000000000000000');
    const nobody = { ...query, accountId: 'b' };
    await expect(
      reads.find(getAccountDescription, nobody, async () => undefined, undefined),
    ).rejects.toMatchObject({ code: 'account-not-found' });
  });
});
