import type { Goal, Row } from './benchmark.ts';
import { median } from './median.ts';

/** What was measured under a name. */
export type Figures = ReadonlyMap<string, readonly number[]>;

export function figuresOf(figures: Figures, name: string): readonly number[] {
  const found = figures.get(name);
  if (found === undefined) throw new Error(`Nothing was measured as "${name}".`);
  return found;
}

/** So many a second, without a goal. */
export function rate(what: string, figures: readonly number[]): Row {
  return { what, unit: 'per s', figures };
}

export interface RatioGoal {
  readonly to: string;
  readonly base: readonly number[];
  readonly least?: number;
  readonly aim?: number;
}

/** So many a second, against another rate. */
export function rateAgainst(what: string, figures: readonly number[], goal: RatioGoal): Row {
  const { to, base, least, aim } = goal;
  const value = median(figures) / median(base);
  const row = { ...rate(what, figures), ratio: { value, to } };
  if (least === undefined) return row;
  const text = `at least ${shown(least)}${aim === undefined ? '' : `, aim ${shown(aim)}`}`;
  return { ...row, goal: judged(text, value / least) };
}

/** At least so many a second. */
export function rateAtLeast(what: string, figures: readonly number[], least: number): Row {
  const text = `at least ${least.toLocaleString('en')}`;
  return { ...rate(what, figures), goal: judged(text, median(figures) / least) };
}

/** A time that is to be no longer. */
export function timeAtMost(what: string, unit: 'ms' | 'us', figures: readonly number[], most: number): Row {
  const text = `at most ${Number(most.toPrecision(3))} ${unit}`;
  return { what, unit, figures, goal: judged(text, most / median(figures)) };
}

/** A time against another one: the ratio is above 1 where it is shorter. */
export function timeAgainst(
  what: string,
  unit: 'ms' | 'us',
  figures: readonly number[],
  { to, base, least }: Omit<RatioGoal, 'aim'>,
): Row {
  const value = median(base) / median(figures);
  const row: Row = { what, unit, figures, ratio: { value, to } };
  return least === undefined ? row : { ...row, goal: judged(`at least ${shown(least)}`, value / least) };
}

/** @param share - of the goal that was reached */
export function judged(text: string, share: number): Goal {
  return { text, met: share >= 1, share };
}

function shown(ratio: number): string {
  return ratio >= 2 ? `${ratio}` : ratio.toFixed(2);
}
