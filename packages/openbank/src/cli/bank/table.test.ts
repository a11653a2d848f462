import { describe, expect, it } from 'vitest';
import { type Column, detailLines, tableLines } from './table.ts';

describe('a table', () => {
  it('aligns text to the left and money to the right', () => {
    const columns: readonly Column<{ readonly name: string; readonly balance: string | null }>[] = [
      { head: 'Name', value: ({ name }) => name },
      { head: 'Balance', right: true, value: ({ balance }) => balance },
    ];
    const rows = [
      { name: 'Alice', balance: '1000.00' },
      { name: 'Bob', balance: '-5.00' },
      { name: 'Carol', balance: null },
    ];
    expect(tableLines(columns, rows)).toEqual([
      'Name   Balance',
      'Alice  1000.00',
      'Bob      -5.00',
      'Carol',
    ]);
  });

  it('shows its heads where it has no rows', () => {
    expect(tableLines([{ head: 'Name', value: () => '' }], [])).toEqual(['Name']);
  });

  it('lets no text that others wrote steer the terminal', () => {
    expect(tableLines([{ head: 'X', value: (text: string) => text }], ['\u001b[2Jgone'])).toEqual([
      'X',
      '\u{fffd}[2Jgone',
    ]);
  });
});

it('details are a line for each field that there is', () => {
  expect(detailLines({ id: 'a', reference: null, 'overdraft limit': '5.00' })).toEqual([
    'id                a',
    'overdraft limit   5.00',
  ]);
});
