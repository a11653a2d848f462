import type { Row } from '../runner/benchmark.ts';
import { type Figures, figuresOf, rate, rateAgainst, timeAgainst } from '../runner/rows.ts';

/** An engine against its client alone, at one kind of work: contenders are named `{who}: {work}`. */
export interface Comparison {
  readonly work: string;
  /** What the time is of, for the table: `a batch`. */
  readonly each: string;
  /** With whom the engine is compared. Default: the client, in the way that its users use it. */
  readonly with?: readonly string[];
}

export const ENGINE = 'engine';
export const CLIENT = 'client alone';

export function contender(who: string, work: string): string {
  return `${who}: ${work}`;
}

/** The engine is to cost no more than the client alone, divided by this. */
const LEAST = 0.8;

/**
 * Processor time of both, and the ratio of client to engine; on a real server also how many a second there were. On a
 * look-alike a rate is that of the look-alike: it is not reported.
 */
export function compared(
  { cpu, rates }: { readonly cpu: Figures; readonly rates: Figures },
  { work, each, with: others = [CLIENT] }: Comparison,
  isLookAlike: boolean,
): readonly Row[] {
  const note = isLookAlike ? ' (against a look-alike: overhead of ours only)' : '';
  const spent = (who: string) => `${work}, processor time of ${each}: ${who}${note}`;
  const goal = (figures: Figures, who: string) => ({
    to: who,
    base: figuresOf(figures, contender(who, work)),
    // The goal is about the client as its users use it.
    ...(who === CLIENT && { least: LEAST }),
  });
  const ours = figuresOf(cpu, contender(ENGINE, work));
  const times = others.flatMap((who): readonly Row[] => [
    { what: spent(who), unit: 'us', figures: figuresOf(cpu, contender(who, work)) },
    timeAgainst(spent(ENGINE), 'us', ours, goal(cpu, who)),
  ]);
  if (isLookAlike) return times;
  const oursPerSecond = figuresOf(rates, contender(ENGINE, work));
  return [
    ...times,
    ...others.flatMap((who) => [
      rate(`${work}: ${who}`, figuresOf(rates, contender(who, work))),
      rateAgainst(`${work}: ${ENGINE}`, oursPerSecond, goal(rates, who)),
    ]),
  ];
}
