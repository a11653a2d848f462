import { catchUpGroups } from './catch-up-groups.ts';
import { allStopped, catchUp, type Following, followLog } from './follow-log.ts';
import { type Retrying, retried } from './retry.ts';
import type { RunningProjection } from './running-projection.ts';
import { aborted } from './supervision.ts';

/** Reads the log for all projections of a process that run. */
export interface Follower {
  /** Brings up those who are new, and follows the log with them from then on. Never fails. */
  join(newcomers: readonly RunningProjection[]): Promise<void>;
  /** Follows the log, with whoever is there, until the signal. Never fails. */
  follow(): Promise<void>;
}

/**
 * Those that are about equally far catch up together, the groups side by side; whoever is near the end joins the one
 * subscription, which then starts again from where the least of them is. It is never joined under way: a newcomer would
 * miss what came between its own end and the page at hand.
 */
export function createFollower(following: Following, retrying: Retrying): Follower {
  const { signal } = retrying;
  const newcomers: RunningProjection[] = [];
  let joined = new AbortController();

  async function bringUp(group: readonly RunningProjection[]): Promise<void> {
    await supervised(group, async () => {
      let events = following.batchEvents;
      while (events >= following.batchEvents && !allStopped(group)) {
        events = await retried(async () => (allStopped(group) ? 0 : catchUp(group, following)), retrying);
      }
    });
    newcomers.push(...group);
    joined.abort();
  }

  async function followTogether(together: readonly RunningProjection[], until: AbortSignal): Promise<void> {
    if (together.length === 0) await aborted(until);
    else await supervised(together, () => retried(() => followLog(together, following, until), retrying));
  }

  return {
    async join(those) {
      const groups = await catchUpGroups(those, following, retrying);
      await Promise.all(groups.map(bringUp));
    },
    async follow() {
      let together: readonly RunningProjection[] = [];
      while (!signal.aborted) {
        together = [...together, ...newcomers.splice(0)].filter((projection) => !projection.stopped());
        joined = new AbortController();
        await followTogether(together, AbortSignal.any([signal, joined.signal]));
      }
    },
  };
}

/** What goes wrong with the log stops all who read it together. */
async function supervised(group: readonly RunningProjection[], work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    for (const projection of group) projection.stop(error);
  }
}
