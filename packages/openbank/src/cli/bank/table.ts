/** A column of a table for people. */
export interface Column<Row> {
  readonly head: string;
  /** Numbers and money: their last digits stand below each other. */
  readonly right?: boolean;
  value(row: Row): string | null | undefined;
}

/** Rows below heads, aligned; no line ends with blanks. */
export function tableLines<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly string[] {
  const cells = rows.map((row) => columns.map(({ value }) => printable(value(row) ?? '')));
  const lines = [columns.map(({ head }) => head), ...cells];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, at) => {
        const width = widths[at] ?? 0;
        return columns[at]?.right === true ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

const LABEL_WIDTH = 17;

/** One thing, a line for each of its fields; those that are null or undefined have none. */
export function detailLines(fields: Readonly<Record<string, string | null | undefined>>): readonly string[] {
  return Object.entries(fields).flatMap(([label, value]) =>
    value === null || value === undefined ? [] : [`${label.padEnd(LABEL_WIDTH)} ${printable(value)}`],
  );
}

/** What others have written must not steer the terminal. */
export function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '\u{fffd}');
}
