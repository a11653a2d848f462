import { newEvent } from '@openbank/eventsourcing/testing';
import { describe, expect, test } from 'vitest';
import { fromStoredMetadata, toStoredMetadata } from './event-metadata.ts';

const PLACE = { index: 1, size: 3 };

describe('metadata in KurrentDB', () => {
  test('carry correlation and causation under the names that KurrentDB knows', () => {
    const event = newEvent({ metadata: { correlation_id: 'c', causation_id: 'd', actor: 'e' } });
    expect(toStoredMetadata(event, PLACE)).toEqual({
      $correlationId: 'c',
      $causationId: 'd',
      actor: 'e',
      schema_version: '1',
      recorded_at: String(event.recordedAt),
      chain_link: event.link,
      commit_place: '1/3',
    });
  });

  test('come back as they were given, whatever their keys, without what the server adds', () => {
    const metadata = {
      correlation_id: 'c',
      $correlationId: 'another',
      '$schema.name': 'mine',
      recorded_at: 'never',
      commit_place: '0/1',
      '~': 'a',
      '~actor': 'b',
      '2': 'two',
      Ä: 'ö',
      empty: '',
      ['__proto__']: 'p',
    };
    const event = newEvent({ metadata, schemaVersion: 7 });
    const stored = {
      ...toStoredMetadata(event, PLACE),
      '$schema.name': event.type,
      '$schema.format': 'Json',
    };
    expect(fromStoredMetadata(JSON.stringify(stored))).toEqual({
      metadata,
      schemaVersion: 7,
      recordedAt: event.recordedAt,
      link: event.link,
      place: PLACE,
    });
  });

  test.each([
    '',
    '{}',
    'null',
    '[]',
    '"text"',
    '{"$correlationId":"c"}',
    '{"commit_place":"0/1","nested":{}}',
  ])('%j are not of an event of this engine', (text) => {
    expect(fromStoredMetadata(text)).toBeUndefined();
  });
});
