import { expect, it } from 'vitest';
import { adviceOn, isLogSound } from './advice.ts';

const FILES = { events: 'sqlite', reads: 'sqlite' } as const;
const SERVERS = { events: 'kurrentdb', reads: 'mongodb' } as const;

const finding = (kind: string) => ({ kind, place: 'somewhere', what: 'something', count: 1 });

it.each([
  ['index-entry-wrong', 'delete index.db*'],
  ['snapshot-wrong', 'delete snapshots.db*'],
  ['document-ahead:accounts', 'delete read-models.db*'],
  ['read-model-index:accounts', 'delete read-models.db*'],
  ['read-model-ahead:accounts', 'lost its end'],
  ['head-wrong', 'lost its end'],
  ['keys-unusable', '--no-personal-data'],
  ['unknown-event-type', 'run the version'],
  ['chain-broken', 'restore the whole directory'],
  ['transfer-torn', 'restore the whole directory'],
])('says of %s what to do: %s', (kind, advice) => {
  expect(adviceOn([finding(kind)], FILES)).toEqual([expect.stringContaining(advice)]);
});

it.each([
  ['document-wrong:accounts', 'never keys and secrets'],
  ['read-model-ahead:accounts', 'restore KurrentDB'],
  ['key-missing', 'Restore the collections keys and secrets'],
  ['chain-broken', 'restore KurrentDB'],
])('says of %s on servers what to do there: %s', (kind, advice) => {
  expect(adviceOn([finding(kind)], SERVERS)).toEqual([expect.stringContaining(advice)]);
});

it('says each thing once', () => {
  expect(
    adviceOn([finding('chain-broken'), finding('event-damaged'), finding('index-damaged')], FILES),
  ).toHaveLength(2);
});

it('calls a log sound whose derived files are not', () => {
  expect(isLogSound([finding('index-damaged'), finding('document-wrong:accounts')])).toBe(true);
  expect(isLogSound([finding('index-damaged'), finding('event-damaged')])).toBe(false);
});
