import type { RunningProjection } from './running-projection.ts';

/** A share at work. */
export interface RunningShare {
  /** Aborted when it ends. */
  readonly signal: AbortSignal;
  parts(): readonly RunningProjection[];
  add(parts: readonly RunningProjection[]): void;
  /** Stops all its parts with the reason, also those that are still being started. */
  stop(error: unknown): void;
  hasStopped(): boolean;
  retire(): Promise<void>;
}

export function createRunningShare(run: AbortSignal): RunningShare {
  const life = new AbortController();
  const parts: RunningProjection[] = [];
  let stopped: { readonly error: unknown } | undefined;
  return {
    signal: AbortSignal.any([run, life.signal]),
    parts: () => parts,
    add(more) {
      parts.push(...more);
      if (stopped !== undefined) for (const part of more) part.stop(stopped.error);
    },
    stop(error) {
      stopped ??= { error };
      for (const part of parts) part.stop(error);
    },
    hasStopped: () => stopped !== undefined,
    async retire() {
      life.abort();
      await Promise.all(parts.map((part) => part.retire()));
    },
  };
}
