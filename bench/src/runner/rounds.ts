import type { Scale } from './benchmark.ts';

/** What is measured side by side: each answers one figure. */
export type Contenders = Readonly<Record<string, () => Promise<number>>>;

/** Runs all contenders in each round, in alternating order, and answers each one's figures. */
export async function inRounds(
  { rounds, progress }: Pick<Scale, 'rounds' | 'progress'>,
  contenders: Contenders,
  unit = '/s',
): Promise<Map<string, number[]>> {
  const figures = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    const entries = Object.entries(contenders);
    for (const [name, run] of round % 2 === 0 ? entries : entries.reverse()) {
      progress.say(`round ${round + 1} of ${rounds}, ${name}`);
      const figure = await run();
      progress.done(`${Number(figure.toPrecision(4)).toLocaleString('en')}${unit}`);
      figures.get(name)?.push(figure);
    }
  }
  return figures;
}
