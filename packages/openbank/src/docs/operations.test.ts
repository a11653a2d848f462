import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runProgram } from '../cli/program.ts';
import { SETTINGS, type Setting } from '../settings.ts';
import { fakeIo } from '../testing/fake-io.ts';

const page = readFileSync(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');

const settings: readonly Setting<unknown>[] = Object.values(SETTINGS);

test('the table of the configuration in docs/operations.md is that of the program', () => {
  const rows = settings.map(({ flag, variable, fallback, help }) =>
    row(flag === undefined ? '' : `\`--${flag}\``, `\`${variable}\``, fallback && `\`${fallback}\``, help),
  );
  const table = [row('flag', 'variable', 'default', 'what for'), row('---', '---', '---', '---'), ...rows];
  expect(page).toContain(table.join('\n'));
});

test('every command is in docs/operations.md', async () => {
  const io = fakeIo();
  await runProgram(['--help'], io);
  const [, commands = ''] = /\nCommands:\n(.*?)\n\n/s.exec(io.outLines.join('\n')) ?? [];
  const names = [...commands.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name);
  expect(names).toContain('start');
  expect(names.filter((name) => name !== 'help' && !page.includes(`\`./openbank ${name}`))).toEqual([]);
});

function row(...cells: readonly (string | undefined)[]): string {
  return `| ${cells.map((cell) => cell ?? '').join(' | ')} |`;
}
