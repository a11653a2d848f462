import type { Benchmark } from '../runner/benchmark.ts';
import { appendsBenchmark } from './appends.ts';
import { batchBenchmark } from './batch.ts';
import { catchUpBenchmark } from './catch-up.ts';
import { depositsBenchmark } from './deposits.ts';
import { emmettBenchmark } from './emmett.ts';
import { emmettPostgresqlBenchmark } from './emmett-postgresql.ts';
import { growthBenchmark } from './growth.ts';
import { indexRebuildBenchmark } from './index-rebuild.ts';
import { kurrentdbBenchmark } from './kurrentdb.ts';
import { loadsBenchmark, longLoadsBenchmark } from './loads.ts';
import { mongodbBenchmark } from './mongodb.ts';
import { oneConnectionBenchmark } from './one-connection.ts';
import { projectorsBenchmark } from './projectors.ts';
import { queriesBenchmark } from './queries.ts';
import { safeguardsBenchmark } from './safeguards.ts';

/** In the order of the table. */
export const BENCHMARKS: readonly Benchmark[] = [
  depositsBenchmark,
  batchBenchmark,
  oneConnectionBenchmark,
  queriesBenchmark,
  appendsBenchmark,
  emmettBenchmark,
  emmettPostgresqlBenchmark,
  loadsBenchmark,
  longLoadsBenchmark,
  catchUpBenchmark,
  indexRebuildBenchmark,
  safeguardsBenchmark,
  growthBenchmark,
  kurrentdbBenchmark,
  mongodbBenchmark,
  projectorsBenchmark,
];
