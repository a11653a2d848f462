import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { appendTo, commitOf, newEvent } from '@openbank/eventsourcing/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type LogRow, rowCrc, rowOfText } from './log-row.ts';
import { openSqliteEventStore } from './sqlite-event-store.ts';

const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''));
const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const ROW: fc.Arbitrary<LogRow> = fc.record({
  position: count,
  stream: line,
  revision: count,
  claims: fc.option(line.map((text) => JSON.stringify([text]))),
  commitLast: count,
  type: line,
  id: fc.uuid(),
  schemaVersion: count,
  recordedAt: count,
  data: fc.string({ unit: fc.constantFrom('\n', 'a', '漢', '"') }),
  metadata: fc.dictionary(line, line).map((metadata) => JSON.stringify(metadata)),
  link: fc.string({ unit: fc.constantFrom('0', 'f'), minLength: 64, maxLength: 64 }),
});

it('a row is taken apart from its text as it was, line feeds in its data included', () => {
  fc.assert(
    fc.property(ROW, (row) => {
      const { position, stream, revision, claims, commitLast, type, id, schemaVersion, recordedAt } = row;
      const before = [position, stream, revision, claims, commitLast, type, id, schemaVersion, recordedAt];
      const text = [...before.map(String), row.data, row.metadata, row.link].join('\n');
      expect(rowOfText([position, text, rowCrc(row)])).toEqual(row);
      expect(() => rowOfText([position, text, rowCrc(row) ^ 1])).toThrow(`damaged at position ${position}`);
      expect(crc32(text)).toBe(rowCrc(row));
    }),
  );
});

it('data of several lines come back to the byte, from a stream as from the log', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'openbank-row-'));
  const data = JSON.stringify({ text: 'a\nb', more: [1, null] }, undefined, 2);
  const written = await openSqliteEventStore({ directory });
  await written.append(
    commitOf(appendTo('a', 'no-stream', [newEvent({ data }), newEvent({ data: `\n${data}\n` })])),
  );
  await written.close();
  const store = await openSqliteEventStore({ directory });
  const found: string[] = [];
  for await (const page of store.readStream('a')) found.push(...page.map((event) => event.data));
  for await (const page of store.readAll()) found.push(...page.events.map((event) => event.data));
  await store.close();
  rmSync(directory, { recursive: true });
  expect(found).toEqual([data, `\n${data}\n`, data, `\n${data}\n`]);
});
