import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { textPlot } from './text-plot.ts';

const PAGE = new URL('../../../docs/performance.md', import.meta.url);

/** What stands below a heading, up to the next one. */
function section(page: string, heading: string): string {
  return page.split(/^## /m).find((each) => each.startsWith(heading)) ?? '';
}

/** Rows of its first table by the names of its columns. */
function rowsOf(text: string): readonly ReadonlyMap<string, string>[] {
  const [head = [], , ...rows] = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return rows.map((cells) => new Map(head.map((name, at) => [name, cells[at] ?? ''])));
}

it('the plot of the performance page shows the figures of its table', () => {
  const reached = section(readFileSync(PAGE, 'utf8'), 'What was reached');
  const bars = rowsOf(reached).flatMap((row) => {
    const share = row.get('of the goal') ?? '';
    return share === '' ? [] : [{ label: row.get('what') ?? '', share: Number(share) }];
  });
  expect(bars.length).toBeGreaterThan(10);
  const [, shown] = /^```text\n(.*?)\n```$/ms.exec(reached) ?? [];
  expect(shown).toBe(textPlot(bars));
});
