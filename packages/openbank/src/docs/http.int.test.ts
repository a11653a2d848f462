import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

const page = readFileSync(new URL('../../../../docs/http.md', import.meta.url), 'utf8');

let bank: MemoryBank;
let document: string;
beforeAll(async () => {
  bank = await openMemoryBank();
  document = (await bank.app.inject('/api/openapi.json')).body;
});
afterAll(() => bank.close());

test('docs/http.md explains every error code of the OpenAPI document', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('|'));
  const explained = new Set(rows.flatMap((row) => [...row.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code)));
  const codes = [...document.matchAll(/Codes: (?<codes>[^.]+)\./g)].flatMap(({ groups }) =>
    [...(groups?.codes ?? '').matchAll(/`([^`]+)`/g)].map(([, code]) => code),
  );
  expect(codes.length).toBeGreaterThan(20);
  expect([...new Set(codes)].filter((code) => !explained.has(code))).toEqual([]);
});
