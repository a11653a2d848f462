import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHAIN_START, chainLink } from './chain.ts';
import type { NewEvent } from './event.ts';

type Linked = Omit<NewEvent, 'link'>;

const event: Linked = {
  id: '018f2f6e-6f4b-4b7e-9d57-0c1e2d3f4a5b',
  type: 'MoneyDeposited',
  schemaVersion: 1,
  recordedAt: 1_764_021_600_123_457,
  data: '{"amount":"12.50","note":"für 日本"}',
  metadata: { actor: 'somebody', command_id: 'c-1' },
};
const link = (
  changed: Partial<Linked> = {},
  stream = 'bank-account-1',
  revision = 4,
  previous = CHAIN_START,
) => chainLink(previous, stream, revision, { ...event, ...changed });

test('a link is the SHA-256 of its parts, one a line, the length of the data before the data', () => {
  const text = [
    '0'.repeat(64),
    'bank-account-1',
    '4',
    'MoneyDeposited',
    '1',
    '018f2f6e-6f4b-4b7e-9d57-0c1e2d3f4a5b',
    '1764021600123457',
    '34',
    '{"amount":"12.50","note":"für 日本"}',
    '{"actor":"somebody","command_id":"c-1"}',
  ].join('\n');
  expect(link()).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
});

test.each<{ what: string; other: string }>([
  { what: 'previous link', other: link({}, 'bank-account-1', 4, 'f'.repeat(64)) },
  { what: 'stream', other: link({}, 'bank-account-2') },
  { what: 'revision', other: link({}, 'bank-account-1', 5) },
  { what: 'type', other: link({ type: 'MoneyWithdrawn' }) },
  { what: 'schema version', other: link({ schemaVersion: 2 }) },
  { what: 'id', other: link({ id: '018f2f6e-6f4b-4b7e-9d57-0c1e2d3f4a5c' }) },
  { what: 'recorded time', other: link({ recordedAt: 1_764_021_600_123_458 }) },
  { what: 'data', other: link({ data: '{"amount":"12.51","note":"für 日本"}' }) },
  { what: 'data by a space only', other: link({ data: '{"amount":"12.50", "note":"für 日本"}' }) },
  { what: 'metadata value', other: link({ metadata: { actor: 'somebody', command_id: 'c-2' } }) },
  { what: 'metadata key', other: link({ metadata: { actor: 'somebody', command: 'c-1' } }) },
  { what: 'missing metadata', other: link({ metadata: { actor: 'somebody' } }) },
])('another $what gives another link', ({ other }) => {
  expect(other).not.toBe(link());
});

test('the order of metadata keys does not matter: a store may keep its own', () => {
  expect(link({ metadata: { command_id: 'c-1', actor: 'somebody' } })).toBe(link());
});

test('text cannot move between data and metadata', () => {
  expect(link({ data: '{}\n{"a":"b"}', metadata: {} })).not.toBe(link({ data: '{}', metadata: { a: 'b' } }));
});

test('no two events have the same link', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 8 });
  const some = fc.record({
    data: fc.oneof(text, fc.constantFrom('{}', '{}\n', '\n', '2\n{}')),
    metadata: fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true }),
    schemaVersion: fc.integer({ min: 1, max: 12 }),
    recordedAt: fc.nat(12),
  });
  fc.assert(
    fc.property(some, some, (a, b) => {
      const same = sorted(a) === sorted(b);
      expect(link(a) === link(b)).toBe(same);
    }),
    { numRuns: 500 },
  );
});

function sorted({ metadata, ...rest }: Partial<Linked>): string {
  return JSON.stringify([
    rest.data,
    rest.schemaVersion,
    rest.recordedAt,
    Object.entries(metadata ?? {}).sort(),
  ]);
}
