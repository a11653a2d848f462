import type { Position } from '../event.ts';
import type { LogEntry } from '../projections/log-entry.ts';
import type { Pass } from './model-check.ts';

/** One way along the log, for all checks that want one. */
export interface Round {
  readonly after: Position | undefined;
  readonly through: Position;
  see(entry: LogEntry): void;
  afterPage(): Promise<void>;
}

export function together(passes: readonly Pass[]): Round {
  const after = earliest(passes.map((pass) => pass.after));
  const through =
    passes
      .map((pass) => pass.through)
      .sort()
      .at(-1) ?? '';
  return {
    after,
    through,
    see(entry) {
      const { position } = entry.recorded;
      for (const pass of passes) {
        if (position <= pass.through && (pass.after === undefined || position > pass.after)) pass.see(entry);
      }
    },
    async afterPage() {
      for (const pass of passes) await pass.afterPage?.();
    },
  };
}

/** Undefined, the first event, is before every position. */
function earliest(positions: readonly (Position | undefined)[]): Position | undefined {
  const given = positions.filter((position) => position !== undefined);
  return given.length < positions.length ? undefined : given.sort()[0];
}
