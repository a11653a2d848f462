import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Block, blocksOf, pages, textOf } from './markdown.ts';
import { openShell, type Shell } from './shell.ts';

const isRun = ({ note }: Block) => note === 'run';
const withSamples = pages().filter((page) => blocksOf(page).some(isRun));

const missingTools = ['curl', 'sqlite3'].filter((tool) => spawnSync('which', [tool]).status !== 0);
const isSkipped = missingTools.length > 0 && process.env.OPENBANK_REQUIRE !== 'all';

let data: string;
let port: number;
let shell: Shell;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'openbank-samples-'));
  port = await freePort();
  // The directory must not be there yet, as on a fresh clone.
  rmSync(data, { recursive: true });
  shell = openShell({ OPENBANK_PORT: String(port), OPENBANK_DATA: data });
});
afterEach(async () => {
  await shell.run('./openbank stop');
  await shell.close();
  // Backups lie beside it.
  for (const directory of [data, `${data}.backup`, `${data}.damaged`])
    rmSync(directory, { recursive: true, force: true });
});

describe.skipIf(isSkipped)('the samples for the shell', () => {
  test.each(withSamples)('of %s run from top to bottom and answer what the page says', async (page) => {
    const ids = new Map<string, string>();
    let output = '';
    for (const block of blocksOf(page)) {
      if (isRun(block)) {
        output = await shell.run(here(withIds(block.text, ids)));
        remember(output, ids);
        await untilReadModelsShowIt();
      }
      if (block.note === 'answer') {
        const place = `${page}:${block.line}`;
        expect(comparable(there(output), block.language), place).toBe(comparable(block.text, block.language));
      }
    }
  });
});

test('every file of a bank is explained in docs/operations.md', async () => {
  await shell.run('./openbank start');
  const files = readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== 'logs')
    .map((name) => name.replace(/-(wal|shm|journal)$/, ''));
  expect(files.length).toBeGreaterThan(5);
  const page = textOf('docs/operations.md');
  expect(
    files.filter((name) => !page.includes(`| \`${name}\``) && !page.includes(`, \`${name}\` |`)),
  ).toEqual([]);
});

test('every block for the shell is run, or says why not', () => {
  const silent = pages()
    .flatMap(blocksOf)
    .filter(({ language, note }) => language === 'sh' && !/^(run|not run: .+)$/.test(note));
  expect(silent.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
});

/** A sample for the port and directory of this test. */
function here(text: string): string {
  return text
    .replaceAll(/(localhost|127\.0\.0\.1):8899/g, `$1:${port}`)
    .replaceAll(/(?<![\w/])\.openbank\b/g, data);
}

/** What it answered, as if it had run where the page says. */
function there(output: string): string {
  return output.replaceAll(`:${port}`, ':8899').replaceAll(data, '.openbank');
}

/** Fills in what a reader fills in by hand. */
function withIds(text: string, ids: ReadonlyMap<string, string>): string {
  return text.replaceAll(/\{(PERSON_ID|ACCOUNT_ID)\w*\}/g, (all, name) => ids.get(name) ?? all);
}

function remember(output: string, ids: Map<string, string>): void {
  const { id, first_name, owner_id } = parsed(output);
  if (first_name !== undefined) ids.set('PERSON_ID', String(id));
  if (owner_id !== undefined) ids.set('ACCOUNT_ID', String(id));
}

function parsed(output: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(output);
  } catch {
    return {};
  }
}

/** Readers are slower than read models are; this test is not. */
async function untilReadModelsShowIt(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const health = await fetch(`http://127.0.0.1:${port}/health/ready`).then(
      (response) => response.text(),
      () => '{}',
    );
    const { head, projections = [] } = JSON.parse(health);
    if (projections.every(({ position }: { position: string }) => position === head)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** One text for all answers that differ only in ids, times, cursors and layout. */
function comparable(text: string, language: string): string {
  const laidOut = language === 'json' ? JSON.stringify(JSON.parse(text), null, 2) : text.trim();
  return laidOut
    .replaceAll('\r', '')
    .replaceAll(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '<uuid>')
    .replaceAll(/\b[0-9a-f]{32}\b/g, '<id>')
    .replaceAll(/\b\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/(?<="next": ?)"[\w-]+"/g, '"<cursor>"')
    .replaceAll(/(?<="value_date": ?)"\d{4}-\d\d-\d\d"/g, '"<day>"');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
