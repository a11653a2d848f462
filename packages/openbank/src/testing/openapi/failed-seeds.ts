/** Runs that once failed, as fast-check names them, and the operations: they are repeated first. */
export const FAILED_SEEDS: readonly {
  readonly operation: string;
  readonly seed: number;
  readonly path: string;
}[] = [];
