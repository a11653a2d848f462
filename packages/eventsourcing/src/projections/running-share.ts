import type { RunningProjection } from './running-projection.ts';

/** A share at work. */
export interface RunningShare {
  /** Aborted when it ends. */
  readonly signal: AbortSignal;
  parts(): readonly RunningProjection[];
  /** Takes in what is being started; resolves when it is. */
  start(coming: readonly Promise<readonly RunningProjection[]>[]): Promise<void>;
  /** Stops all its parts with the reason, also those that are still being started. */
  stop(error: unknown): void;
  hasStopped(): boolean;
  /** Stops it without a word; resolves when what it is doing is finished, a start included: that takes partitions over. */
  retire(): Promise<void>;
}

export function createRunningShare(run: AbortSignal): RunningShare {
  const life = new AbortController();
  const parts: RunningProjection[] = [];
  let starting: Promise<unknown> = Promise.resolve();
  let stopped: { readonly error: unknown } | undefined;

  function add(more: readonly RunningProjection[]): void {
    parts.push(...more);
    if (stopped !== undefined) for (const part of more) part.stop(stopped.error);
  }

  return {
    signal: AbortSignal.any([run, life.signal]),
    parts: () => parts,
    async start(coming) {
      starting = Promise.all(coming.map(async (part) => add(await part)));
      await starting;
    },
    stop(error) {
      stopped ??= { error };
      for (const part of parts) part.stop(error);
    },
    hasStopped: () => stopped !== undefined,
    async retire() {
      life.abort();
      await starting;
      await Promise.all(parts.map((part) => part.retire()));
    },
  };
}
