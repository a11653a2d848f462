import { holdLeases, type LeaseNews } from '../leases/hold-leases.ts';
import type { LeaseStore } from '../leases/lease-store.ts';
import { pause } from '../patience.ts';
import { createProjectionRunner, type ProjectionRunnerOptions } from './projection-runner.ts';
import { type Share, sharesOf } from './shares.ts';

export interface LeasedProjectionsOptions extends ProjectionRunnerOptions {
  readonly leases: LeaseStore;
  /** The name of this process among all that run these projections: another one at each start. */
  readonly holder: string;
  /** Milliseconds that a share's lease lasts without a heartbeat. Default 5,000. */
  readonly leaseTime?: number;
  /** Told which shares this process has. */
  onShare?(share: string, news: LeaseNews): void;
}

/** Milliseconds before a share is started again that somebody has displaced while its lease was this process's. */
const RESTART_DELAY = 500;

/**
 * Runs this process's part of the projections: shares of the work, each with a lease, are divided evenly among all
 * processes that are alive. Where one crashes or pauses, the others have its shares once their leases have run out;
 * where one ends on its signal, at once. What a process writes of a share that is not its own any more is refused by the
 * epoch, so the order of each stream is kept, and nothing is applied twice, whatever the leases say.
 *
 * Ends on the signal. A projection that stops for another reason than a lease stays so until its share changes hands.
 */
export async function runLeasedProjections(options: LeasedProjectionsOptions): Promise<void> {
  const { leases, holder, signal, onShare, onRetry } = options;
  const shares = new Map(sharesOf(options.projections, options.store).map((share) => [share.name, share]));
  const mine = new Set<string>();

  async function restart(share: Share): Promise<void> {
    await pause(RESTART_DELAY, signal);
    if (signal.aborted || !mine.has(share.name)) return;
    await runner.stop(share);
    // It may have been ended, or ended and begun anew, while it stopped.
    if (mine.has(share.name) && !runner.runs(share)) await runner.start([share]);
  }

  const runner = createProjectionRunner({
    ...options,
    shared: true,
    onDisplaced: (share) => void restart(share),
  });
  const named = (names: readonly string[]): readonly Share[] =>
    names.flatMap((name) => shares.get(name) ?? []);

  await holdLeases({
    leases,
    holder,
    names: [...shares.keys()],
    duration: options.leaseTime ?? 5_000,
    signal,
    begin(names) {
      for (const name of names) mine.add(name);
      void runner.start(named(names));
    },
    async end(name) {
      mine.delete(name);
      await Promise.all(named([name]).map(runner.stop));
    },
    ...(onShare && { onNews: onShare }),
    ...(onRetry && { onRetry }),
  });
  await runner.finished;
}
