import { appendTo, commitOf, newEvent, withClaims } from '@openbank/eventsourcing/testing';
import { expect, test } from 'vitest';
import { decodeCommits, encodeCommits } from './wire.ts';

test('commits arrive as they were sent, whatever their texts hold', () => {
  const hostile = ['', '😀', '\u0000\n"', 'ä'.repeat(3000), '日本'];
  const commits = hostile.map((text, i) =>
    withClaims(
      commitOf(
        appendTo(
          `a${text}`,
          'no-stream',
          hostile.map((data) => newEvent({ data, metadata: { text } })),
        ),
        appendTo(`b${i}`, i, [newEvent({ schemaVersion: 3 })]),
      ),
      ...Array.from({ length: i }, (_, claim) => `claim ${claim} ${text}`),
    ),
  );
  const arrived = decodeCommits(structuredClone(encodeCommits(commits)));
  expect(arrived).toEqual(
    commits.map(({ claims, streams }) => ({
      claims,
      claimsJson: claims.length === 0 ? null : JSON.stringify(claims),
      eventCount: hostile.length + 1,
      streams: streams.map(({ stream, expected, events }) => ({
        stream,
        expected,
        events: events.map((event) => ({ ...event, metadata: JSON.stringify(event.metadata) })),
      })),
    })),
  );
});
