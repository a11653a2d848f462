/** What is measured side by side: each round runs all of them, one after the other. */
export type Contenders = Readonly<Record<string, () => Promise<number>>>;

/** Runs the contenders in alternating order, says what it does, and answers each one's figures. */
export async function inRounds(rounds: number, contenders: Contenders): Promise<Map<string, number[]>> {
  const figures = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    const entries = Object.entries(contenders);
    for (const [name, run] of round % 2 === 0 ? entries : entries.reverse()) {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${name}... `);
      const figure = await run();
      process.stderr.write(`${Math.round(figure).toLocaleString('en')}/s\n`);
      figures.set(name, [...(figures.get(name) ?? []), figure]);
    }
  }
  return figures;
}

export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A Markdown table of medians and their ratios to one of them. */
export function table(figures: ReadonlyMap<string, readonly number[]>, base: string): string {
  const baseline = median(figures.get(base) ?? []);
  const rows = [...figures].map(([name, all]) => {
    const middle = median(all);
    const [least, most] = [Math.min(...all), Math.max(...all)].map((each) =>
      Math.round(each).toLocaleString('en'),
    );
    return `| ${name} | ${Math.round(middle).toLocaleString('en')} | ${least} - ${most} | ${(middle / baseline).toFixed(2)} |`;
  });
  return ['| what | median per s | range | ratio |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
