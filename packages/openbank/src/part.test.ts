import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { assertPart } from './part.ts';

const STORES = { OPENBANK_EVENT_STORE: 'kurrentdb://x', OPENBANK_READ_STORE: 'mongodb://x' };
const KEY = { OPENBANK_MASTER_KEY: '0a'.repeat(32) };

describe('a part of the bank', () => {
  it('is all of it on files', () => {
    expect(() => assertPart('all', readConfig({}, {}))).not.toThrow();
  });

  it.each(['api', 'projector'] as const)('runs as %s on servers that many processes can use', (part) => {
    expect(() => assertPart(part, readConfig({}, { ...STORES, ...KEY }))).not.toThrow();
    expect(() => assertPart(part, readConfig({}, KEY))).toThrow(
      /^--event-store .*kurrentdb:.*one process.*--read-store .*mongodb:.*one process/s,
    );
  });

  it('that answers needs the key that all share, and one that projects does not', () => {
    expect(() => assertPart('api', readConfig({}, STORES))).toThrow(/^OPENBANK_MASTER_KEY is missing/);
    expect(() => assertPart('projector', readConfig({}, STORES))).not.toThrow();
  });
});
