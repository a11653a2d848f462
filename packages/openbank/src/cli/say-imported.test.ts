import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BankAddress, filesIn, parseBankAddress } from '../moving/bank-address.ts';
import { sayImported } from './say-imported.ts';

const IMPORTED = { events: 3, commits: 2, claims: 2, keys: 1, found: 0 };

let data: string;
beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), 'openbank-imported-'));
});
afterAll(() => rmSync(data, { recursive: true }));

function saidOf(to: BankAddress, environment: Readonly<Record<string, string>> = {}): string {
  const lines: string[] = [];
  sayImported(IMPORTED, to, {
    environment,
    interactive: false,
    unread: AbortSignal.any([]),
    out: (line) => lines.push(line),
    err() {},
    draw() {},
    ask: async () => '',
  });
  return lines.join('\n');
}

it('says where the master key goes, as long as it is not there', () => {
  expect(saidOf(filesIn(data))).toContain(`\n${join(data, 'master.key')}, readable by its owner only.`);
  expect(saidOf(filesIn(data), { OPENBANK_MASTER_KEY: 'k' })).not.toContain('master key');
  writeFileSync(join(data, 'master.key'), '');
  expect(saidOf(filesIn(data))).not.toContain('master key');
});

it('names no directory where the bank is on servers alone', () => {
  const said = saidOf(parseBankAddress('kurrentdb://h,mongodb://h'));
  expect(said).toContain('\nthe data directory that it will start with, readable');
  expect(said).not.toContain(process.cwd());
});
