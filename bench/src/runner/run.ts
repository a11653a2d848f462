import type { Benchmark, Row, Scale } from './benchmark.ts';

/** What came of a run: the rows of what could be measured, and what could not. */
export interface Outcome {
  readonly rows: readonly Row[];
  readonly failures: readonly { readonly part: string; readonly reason: string }[];
}

/** Runs benchmarks one after the other; one that fails leaves the others' rows. */
export async function runBenchmarks(benchmarks: readonly Benchmark[], scale: Scale): Promise<Outcome> {
  const rows: Row[] = [];
  const failures: { part: string; reason: string }[] = [];
  for (const [at, { part, run }] of benchmarks.entries()) {
    const place = `${part} (${at + 1} of ${benchmarks.length})`;
    const progress = { ...scale.progress, say: (text: string) => scale.progress.say(`${place}: ${text}`) };
    try {
      rows.push(...(await run({ ...scale, progress })));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      progress.done(`failed: ${reason}`);
      failures.push({ part, reason });
    }
  }
  return { rows, failures };
}

/**
 * The benchmarks of some parts, in their own order; without names all but those on request.
 *
 * @throws RangeError - there is no such part
 */
export function chosen(all: readonly Benchmark[], parts: readonly string[]): readonly Benchmark[] {
  const unknown = parts.find((name) => !all.some(({ part }) => part === name));
  if (unknown !== undefined)
    throw new RangeError(`There is no part "${unknown}": ${all.map(({ part }) => part).join(', ')}.`);
  return parts.length === 0
    ? all.filter(({ onRequest }) => onRequest !== true)
    : all.filter(({ part }) => parts.includes(part));
}
