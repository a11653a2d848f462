import type { Position } from '@openbank/eventsourcing';

/** As many digits as the largest exact number has, so that plain comparison of positions is commit order. */
const DIGITS = 16;

export function toPosition(row: number): Position {
  return String(row).padStart(DIGITS, '0');
}

/**
 * The log's row at a position; 0, which no row has, before the first.
 *
 * @throws RangeError - it is no position of this engine
 */
export function toRow(position: Position | undefined): number {
  if (position === undefined) return 0;
  const row = Number(position);
  if (!/^\d+$/.test(position) || !Number.isSafeInteger(row)) {
    throw new RangeError(
      `${JSON.stringify(position)} is no position of an embedded log: use one that it gave.`,
    );
  }
  return row;
}
