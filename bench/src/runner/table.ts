import type { Row } from './benchmark.ts';
import { median } from './median.ts';

const HEAD = ['what', 'median', 'range', 'ratio', 'goal', 'reached'];

/** All rows as one Markdown table. */
export function table(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const [head = '', ...rest] = lines.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [head, rule, ...rest].join('\n');
}

function cells({ what, unit, figures, ratio, goal }: Row): readonly string[] {
  const range = [Math.min(...figures), Math.max(...figures)].map(number).join(' - ');
  return [
    what,
    `${number(median(figures))} ${unit}`,
    figures.length > 1 ? range : '',
    ratio === undefined ? '' : `${ratio.value.toFixed(2)} of ${ratio.to}`,
    goal?.text ?? '',
    goal === undefined ? '' : goal.met ? 'yes' : 'no',
  ];
}

function number(figure: number): string {
  const rounded = figure >= 1000 ? Math.round(figure) : Number(figure.toPrecision(3));
  return rounded.toLocaleString('en');
}
