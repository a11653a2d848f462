/** What can be compared and sorted. Null comes before everything, text goes by its UTF-8 bytes. */
export type Sortable = string | bigint | null;

/** Values of one field that lie together: at or after `from`, before `to`. Null is in none. */
export interface Range {
  readonly from: string | bigint | undefined;
  readonly to: string | bigint | undefined;
}

export function compareSortable(a: Sortable, b: Sortable): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  if (typeof a === 'string' && typeof b === 'string' && (hasPairs(a) || hasPairs(b)))
    return Buffer.from(a).compare(Buffer.from(b));
  return a < b ? -1 : 1;
}

/** Only where characters are pairs of code units does the order of the units differ from that of UTF-8. */
function hasPairs(text: string): boolean {
  return /[\ud800-\udfff]/.test(text);
}

/** Whether the value is in the range; all are where there is none. */
export function isInRange(range: Range | undefined, value: Sortable): boolean {
  if (range === undefined) return true;
  if (value === null) return false;
  const { from, to } = range;
  return (
    (from === undefined || compareSortable(value, from) >= 0) &&
    (to === undefined || compareSortable(value, to) < 0)
  );
}
