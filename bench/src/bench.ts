/** `./openbank bench`: runs benchmarks and prints one table, and on a terminal a plot of it. Its flags are explained by `./openbank bench --help`. */
import { statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { BENCHMARKS } from './benchmarks/all.ts';
import { barsOf } from './plot/bars.ts';
import { svgPlot } from './plot/svg-plot.ts';
import { textPlot } from './plot/text-plot.ts';
import type { Row } from './runner/benchmark.ts';
import { doubts, machine } from './runner/machine.ts';
import { createProgress } from './runner/progress.ts';
import { chosen, runBenchmarks } from './runner/run.ts';
import { scaleOf } from './runner/scale.ts';
import { table } from './runner/table.ts';

const options = {
  quick: { type: 'boolean' },
  json: { type: 'boolean' },
  list: { type: 'boolean' },
  safeguards: { type: 'boolean' },
  plot: { type: 'string' },
  directory: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  accounts: { type: 'string' },
  events: { type: 'string' },
} as const;

// Folders and servers of the run are cleared away when the process exits; a signal alone would skip that.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await main(process.argv.slice(2));
// What a part that failed has left open would keep the process alive.
if (process.exitCode !== 0) process.exit();

/** @returns 0; 1 where a part could not be measured, 2 where the command line is wrong. No figure makes it fail. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    if (values.list === true) return list(values.json === true);
    const parts = [...positionals, ...(values.safeguards === true ? ['safeguards'] : [])];
    const benchmarks = chosen(BENCHMARKS, parts);
    const scale = scaleOf(values, createProgress());
    if (values.plot !== undefined) assertWritable(values.plot);
    for (const { requires } of benchmarks) await requires?.();
    for (const doubt of doubts(scale.directory)) say(doubt);
    const outcome = await runBenchmarks(benchmarks, scale);
    if (values.json === true) print(JSON.stringify({ machine: machine(), ...outcome }, undefined, 2));
    else print(`${described()}\n\n${table(outcome.rows)}`);
    plot(outcome.rows, values);
    for (const { part, reason } of outcome.failures) say(`${part} was not measured: ${reason}`);
    return outcome.failures.length === 0 ? 0 : 1;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return 2;
  }
}

function list(json: boolean): number {
  if (json) {
    const parts = BENCHMARKS.map(({ part, about, onRequest = false }) => ({
      part,
      about,
      only_by_name: onRequest,
    }));
    print(JSON.stringify(parts));
    return 0;
  }
  for (const { part, about, onRequest } of BENCHMARKS)
    print(`${part.padEnd(16)}${about}${onRequest === true ? ' (only by name)' : ''}`);
  return 0;
}

/** @throws RangeError - a file could not be made there: said before anything is measured */
function assertWritable(file: string): void {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new RangeError(`--plot: ${file} is a folder: name a file, such as plot.svg.`);
  if (statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new RangeError(`--plot: there is no folder ${dirname(file)}: name a file in one that exists.`);
}

/** Whoever reads the table sees a plot below it, but no script does. */
function plot(rows: readonly Row[], { json, plot: file }: { json?: boolean; plot?: string }): void {
  const bars = barsOf(rows);
  if (bars.length === 0) return;
  if (json !== true && process.stdout.isTTY) print(`\n${textPlot(bars)}`);
  if (file !== undefined) writeFileSync(file, svgPlot(bars));
}

function described(): string {
  const { cores, model, memoryGiB, system, node, date } = machine();
  return `${cores} cores (${model}), ${memoryGiB} GiB, ${system}, Node ${node}, ${date}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function say(text: string): void {
  process.stderr.write(`openbank bench: ${text}\n`);
}
