import type { Row } from '../runner/benchmark.ts';

/** A figure against its goal. */
export interface Bar {
  readonly label: string;
  /** Reached divided by the goal, the other way round for times: 1 where it is just met. */
  readonly share: number;
}

/** Of the scale, which is logarithmic: a tenth of the goal, the goal, ten times the goal, and between them. */
export const MARKS = [0.1, 0.3, 1, 3, 10] as const;

/** A bar for each row that has a goal. */
export function barsOf(rows: readonly Row[]): readonly Bar[] {
  return rows.flatMap(({ what, ratio, goal }) => {
    if (goal === undefined) return [];
    return [{ label: ratio === undefined ? what : `${what} / ${ratio.to}`, share: goal.share }];
  });
}

/** Where a share is on the scale: 0 at a tenth of the goal and below, 0.5 at the goal, 1 at ten times and above. */
export function placeOf(share: number): number {
  const place = (1 + Math.log10(share)) / 2;
  return Number.isNaN(place) ? 0 : Math.min(1, Math.max(0, place));
}

/** As `0.43`, as `12` from ten on, as `0.007` where two digits after the point would say nothing. */
export function shareText(share: number): string {
  return share >= 10 ? share.toFixed(0) : share >= 0.1 ? share.toFixed(2) : `${Number(share.toPrecision(1))}`;
}

/** At most so many characters. */
export function shortened(label: string, length: number): string {
  return label.length <= length ? label : `${label.slice(0, length - 3).trimEnd()}...`;
}
