import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const folders: string[] = [];

type Files = Readonly<Record<string, string>>;
type Violation = { readonly from: string; readonly rule: { readonly name: string } };

const workspaces: Files = {
  eventsourcing: 'packages/eventsourcing',
  bank: 'packages/bank',
  program: 'packages/openbank',
  'engine-sqlite': 'packages/engine-sqlite',
  'engine-other': 'packages/engine-other',
};

/** What every planted house has: the entries of its packages. */
const entries: Files = {
  'packages/eventsourcing/src/index.ts': 'export const kit = 1;',
  'packages/eventsourcing/src/testing/index.ts': 'export const suite = 1;',
  'packages/bank/src/index.ts': 'export const bank = 1;',
  'packages/engine-sqlite/src/index.ts': 'export const engine = 1;',
  'packages/engine-other/src/index.ts': 'export const other = 1;',
  'packages/openbank/src/main.ts': 'export const main = 1;',
  'bench/run.ts': 'export const run = 1;',
};

/** The other engine of the planted house has the manifest of a real one, under its own name. */
const manifest = (name: string, folder: string): string => {
  const source = name === 'engine-other' ? 'packages/engine-sqlite' : folder;
  const text = readFileSync(join(root, source, 'package.json'), 'utf8');
  return name === 'engine-other' ? text.replace('@openbank/engine-sqlite', '@openbank/engine-other') : text;
};

/** A house in a temporary folder, with this project's rules, manifests and libraries, and with files of its own. */
const plant = (files: Files): string => {
  const house = mkdtempSync(join(tmpdir(), 'openbank directions '));
  folders.push(house);
  mkdirSync(join(house, 'node_modules/@openbank'), { recursive: true });
  mkdirSync(join(house, 'scripts'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@openbank')
      symlinkSync(join(root, 'node_modules', name), join(house, 'node_modules', name));
  }
  for (const [name, folder] of Object.entries(workspaces)) {
    symlinkSync(join(house, folder), join(house, 'node_modules/@openbank', name));
    mkdirSync(join(house, folder), { recursive: true });
    writeFileSync(join(house, folder, 'package.json'), manifest(name, folder));
  }
  for (const name of ['.dependency-cruiser.js', 'package.json']) cpSync(join(root, name), join(house, name));
  for (const [path, text] of Object.entries({ ...entries, ...files })) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), text);
  }
  return house;
};

const violations = (files: Files): readonly string[] => {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const preload = pathToFileURL(join(import.meta.dirname, 'typescript-6.js')).href;
  const args = ['--import', preload, program, 'packages', 'bench', 'scripts', '--output-type', 'json'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: plant(files), encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  const found: readonly Violation[] = JSON.parse(stdout).summary.violations;
  return found.map((violation) => `${violation.rule.name}: ${violation.from}`);
};

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

describe('the directions between the packages', () => {
  test('a house that keeps them is accepted', () => {
    const kit = "import { kit } from '@openbank/eventsourcing';\n";
    expect(
      violations({
        'packages/bank/src/domain/money.ts': `import type { kit } from '@openbank/eventsourcing';`,
        'packages/bank/src/domain/money.test.ts': `import { test } from 'vitest';\nimport fc from 'fast-check';`,
        'packages/bank/src/commands/deposit.ts': `${kit}import '../domain/money.ts';\nimport 'node:crypto';`,
        'packages/engine-sqlite/src/log.ts': `${kit}import { DatabaseSync } from 'node:sqlite';`,
        'packages/engine-sqlite/src/log.test.ts': `import { suite } from '@openbank/eventsourcing/testing';`,
        'packages/openbank/src/compose.ts': `${kit}import '@openbank/bank';\nimport '@openbank/engine-sqlite';\nimport 'fastify';`,
        'packages/eventsourcing/src/testing/suite.ts': `import { test } from 'vitest';`,
      }),
    ).toEqual([]);
  });

  test('every way of breaking them is found', () => {
    const planted: readonly (readonly [rule: string, path: string, text: string])[] = [
      ['no-circles', 'packages/openbank/src/round.ts', `import './trip.ts';`],
      ['kit-knows-nobody', 'packages/eventsourcing/src/a.ts', `import '@openbank/bank';`],
      [
        'kit-knows-nobody',
        'packages/eventsourcing/src/b.ts',
        `import type { engine } from '@openbank/engine-sqlite';`,
      ],
      ['bank-knows-only-the-kit', 'packages/bank/src/a.ts', `import '@openbank/engine-sqlite';`],
      ['bank-knows-only-the-kit', 'packages/bank/src/a.test.ts', `import '@openbank/engine-sqlite';`],
      [
        'engine-knows-only-the-kit',
        'packages/engine-sqlite/src/a.ts',
        `import type { bank } from '@openbank/bank';`,
      ],
      [
        'engine-knows-only-the-kit',
        'packages/engine-other/src/b.ts',
        `await import('@openbank/engine-sqlite');`,
      ],
      ['http-only', 'packages/console/src/a.ts', `import '@openbank/bank';`],
      ['nobody-imports-bench', 'packages/openbank/src/b.ts', `import '../../../bench/run.ts';`],
      ['by-package-name', 'packages/bank/src/b.ts', `import '../../eventsourcing/src/index.ts';`],
      ['no-inner-files', 'packages/bank/src/c.ts', `import '../../eventsourcing/src/event.ts';`],
      ['resolvable', 'packages/bank/src/d.ts', `import '@openbank/eventsourcing/src/event.ts';`],
      ['resolvable', 'packages/bank/src/e.ts', `import './nowhere.ts';`],
      ['domain-is-pure', 'packages/bank/src/domain/a.ts', `import 'node:crypto';`],
      ['domain-is-pure', 'packages/bank/src/domain/b.ts', `import '../commands/c.ts';`],
      ['domain-is-pure', 'packages/bank/src/domain/c.ts', `import 'fastify';`],
      ['bank-does-no-io', 'packages/bank/src/f.ts', `import { readFile } from 'node:fs/promises';`],
      ['decisions-know-no-read-model', 'packages/bank/src/commands/d.ts', `import '../queries/q.ts';`],
      ['only-engines-know-databases', 'packages/openbank/src/c.ts', `import 'node:sqlite';`],
      ['no-test-code-in-production', 'packages/bank/src/g.ts', `import { expect } from 'vitest';`],
      ['no-test-code-in-production', 'packages/bank/src/h.ts', `import '@openbank/eventsourcing/testing';`],
      ['no-test-code-in-production', 'packages/bank/src/i.ts', `import './a.test.ts';`],
      ['no-dev-dependency-in-production', 'packages/openbank/src/d.ts', `import 'knip';`],
      ['declared-dependencies', 'packages/bank/src/j.ts', `import 'fastify';`],
    ];
    const others: Files = {
      'packages/openbank/src/trip.ts': `import type { round } from './round.ts';`,
      'packages/eventsourcing/src/event.ts': '',
      'packages/bank/src/commands/c.ts': '',
      'packages/bank/src/queries/q.ts': '',
    };
    const files = Object.fromEntries(planted.map(([, path, text]) => [path, text]));
    const found = violations({ ...others, ...files });
    expect(found).toEqual(expect.arrayContaining(planted.map(([rule, path]) => `${rule}: ${path}`)));
  });
});
