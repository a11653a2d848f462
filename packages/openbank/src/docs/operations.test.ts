import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SETTINGS, type Setting } from '../settings.ts';

const page = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');

const settings: readonly Setting<unknown>[] = Object.values(SETTINGS);

test('the table of the configuration in docs/operations.md is that of the program', () => {
  const rows = settings.map(({ flag, variable, fallback, help }) =>
    row(flag === undefined ? '' : `\`--${flag}\``, `\`${variable}\``, fallback && `\`${fallback}\``, help),
  );
  const table = [row('flag', 'variable', 'default', 'what for'), row('---', '---', '---', '---'), ...rows];
  expect(page).toContain(table.join('\n'));
});

test('every file that the data directory can hold is in docs/operations.md', () => {
  for (const name of FILES) expect(page).toMatch(new RegExp(`^\\| .*\`${name.replace('.', '\\.')}\``, 'm'));
});

/** As `cleanDataDirectory` knows them. */
const FILES = [
  'log.db',
  'keys.db',
  'index.db',
  'read-models.db',
  'lock.db',
  'lock.pid',
  'head',
  'master.key',
  'openbank.data.json',
  'openbank.run.json',
  'logs/openbank.log',
];

function row(...cells: readonly (string | undefined)[]): string {
  return `| ${cells.map((cell) => cell ?? '').join(' | ')} |`;
}
