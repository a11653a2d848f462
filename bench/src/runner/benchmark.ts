import type { Progress } from './progress.ts';

/** A benchmark: one part of the table. */
export interface Benchmark {
  /** What it is called on the command line. */
  readonly part: string;
  /** One line for the help text. */
  readonly about: string;
  /** Runs only where it is asked for by name. */
  readonly onRequest?: boolean;
  /** @throws Error - something that it needs is not on this machine: says what to install */
  requires?(): Promise<void>;
  run(scale: Scale): Promise<readonly Row[]>;
}

/** How much is measured. */
export interface Scale {
  /** Alternating runs; the table shows their median. */
  readonly rounds: number;
  /** Of each HTTP load. */
  readonly seconds: number;
  /** Accounts, and streams. */
  readonly accounts: number;
  /** Events of a log that is read, and ten times the appends of a slow contender. */
  readonly events: number;
  /** Where files are made: the disk that is measured. */
  readonly directory: string;
  readonly progress: Progress;
}

/** A line of the table. */
export interface Row {
  readonly what: string;
  readonly unit: 'per s' | 'ms' | 'us' | 'MB';
  /** One for each round. */
  readonly figures: readonly number[];
  /** The median against that of another row; above 1 where it is better. */
  readonly ratio?: { readonly value: number; readonly to: string };
  readonly goal?: Goal;
}

export interface Goal {
  readonly text: string;
  readonly met: boolean;
  /** Reached divided by what was to be reached, the other way round for times: at least 1 where it is met. */
  readonly share: number;
}
