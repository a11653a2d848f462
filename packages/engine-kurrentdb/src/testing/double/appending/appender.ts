import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultPlan, NodeRefusal } from '../faults.ts';
import type { CommitResult } from '../log/commit.ts';

/** How an append ends: with the store's answer, with a node that takes none, or with a broken connection and no answer at all. */
export type AppendEnd<Result> =
  | { readonly kind: 'answer'; readonly result: Result }
  | { readonly kind: 'refused'; readonly why: NodeRefusal }
  | { readonly kind: 'cut' };

/** Every append of every protocol goes through here: this is where faults are. */
export type Appender = <Result = CommitResult>(
  peer: string,
  commit: () => Result,
) => Promise<AppendEnd<Result>>;

/** Runs commits at once and in order of arrival, with the faults that a test planned. */
export const createAppender =
  (plan: FaultPlan, cut: (peer: string) => void): Appender =>
  async (peer, commit) => {
    const why = plan.refusal();
    if (why !== undefined) return { kind: 'refused', why };
    if (plan.cutsNow('before-commit')) return cutOff(peer, cut);
    const result = commit();
    const delay = plan.answerDelay();
    if (plan.cutsNow('after-commit')) return cutOff(peer, cut);
    if (delay > 0) await sleep(delay);
    return { kind: 'answer', result };
  };

const cutOff = (peer: string, cut: (peer: string) => void): { readonly kind: 'cut' } => {
  cut(peer);
  return { kind: 'cut' };
};
