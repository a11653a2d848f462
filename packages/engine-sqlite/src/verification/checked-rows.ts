import type { Findings } from '@openbank/eventsourcing';
import { type LogRow, readLogRow, rowCrc } from '../log/log-row.ts';
import type { LogStatements } from '../log/log-schema.ts';
import { toPosition } from '../log/position.ts';
import { type Columns, columns, rowOf, rowsOf } from '../sqlite/columns.ts';

/** Rows of one read transaction at most: some tens of milliseconds, so that the writer's checkpoints are not held up. */
const PAGE_ROWS = 2_000;
/** The same in characters of their data. */
const PAGE_CHARACTERS = 4_000_000;
/** Columns of a row as `toLogRow` reads them. */
const DATA = 9;
const CRC = 12;

/** Pages of the log's rows, as they are there. What cannot be read, is missing or is not what was written is named. */
export function* checkedRows(
  statements: LogStatements,
  after: number,
  through: number,
  findings: Findings,
): Generator<readonly LogRow[], void, undefined> {
  let next = after + 1;
  while (next <= through) {
    const page = readPage(statements, next - 1, through, findings);
    const rows: LogRow[] = [];
    for (const row of page.rows) {
      const checked = checkedRow(row, findings);
      if (checked !== undefined) rows.push(checked);
    }
    nameMissing(page, next, findings);
    next = page.reached + 1;
    yield rows;
  }
}

interface RawPage {
  readonly rows: readonly Columns[];
  /** Every row up to here has been read or named. */
  readonly reached: number;
  /** Positions that were named already. */
  readonly unreadable: ReadonlySet<number>;
}

function readPage(statements: LogStatements, after: number, through: number, findings: Findings): RawPage {
  try {
    return readTogether(statements, after, through);
  } catch {
    // A page of the file is damaged, or a number in it: what lies beside it is read one by one.
    return readOneByOne(statements, after, Math.min(through, after + PAGE_ROWS), findings);
  }
}

function readTogether({ rowsAfter }: LogStatements, after: number, through: number): RawPage {
  const rows: Columns[] = [];
  let characters = 0;
  for (const found of rowsOf(rowsAfter, after, through)) {
    const row = columns(found);
    rows.push(row);
    characters += String(row[DATA]).length;
    if (rows.length < PAGE_ROWS && characters < PAGE_CHARACTERS) continue;
    return { rows, reached: positionOf(row) ?? after + rows.length, unreadable: NONE };
  }
  return { rows, reached: through, unreadable: NONE };
}

const NONE: ReadonlySet<number> = new Set();

function readOneByOne({ rowAt }: LogStatements, after: number, through: number, findings: Findings): RawPage {
  const rows: Columns[] = [];
  const unreadable = new Set<number>();
  for (let position = after + 1; position <= through; position++) {
    try {
      const row = rowOf(rowAt, position);
      if (row !== undefined) rows.push(row);
    } catch (error) {
      unreadable.add(position);
      const why = error instanceof Error ? error.message : String(error);
      findings.add('event-damaged', placeAt(position), `it cannot be read: ${why}`);
    }
  }
  return { rows, reached: through, unreadable };
}

function checkedRow(raw: Columns, findings: Findings): LogRow | undefined {
  const row = readLogRow(raw);
  if (row !== undefined && rowCrc(row) === raw[CRC]) return row;
  const name = row === undefined ? '' : `${row.stream}@${row.revision}, `;
  const what = 'what is stored there is not what was written: its checksum is another';
  findings.add('event-damaged', `${name}${placeAt(positionOf(raw) ?? 0)}`, what);
  return row;
}

function nameMissing({ rows, reached, unreadable }: RawPage, first: number, findings: Findings): void {
  const there = new Set(rows.map(positionOf));
  const missing = reached - first + 1 - there.size - unreadable.size;
  if (missing <= 0) return;
  let position = first;
  while (there.has(position) || unreadable.has(position)) position++;
  findings.add('event-missing', placeAt(position), 'there is no event, and there are later ones', missing);
}

function positionOf([position]: Columns): number | undefined {
  return typeof position === 'number' ? position : undefined;
}

export function placeAt(position: number): string {
  return `position ${toPosition(position)}`;
}
