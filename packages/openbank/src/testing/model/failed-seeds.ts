/** Runs that once failed, as fast-check names them: they are repeated first. */
export const FAILED_SEEDS: readonly { readonly seed: number; readonly path: string }[] = [];
