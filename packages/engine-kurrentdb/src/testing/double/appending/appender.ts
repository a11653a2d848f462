import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultPlan } from '../faults.ts';
import type { CommitResult } from '../log/store.ts';
import type { Failure } from '../wire/failures.ts';

/** How an append ends: with the store's answer, with a failure, or with a broken connection and no answer at all. */
export type AppendEnd<Result> =
  | { readonly kind: 'answer'; readonly result: Result }
  | { readonly kind: 'failure'; readonly failure: Failure }
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
    const failure = plan.refusal();
    if (failure !== undefined) return { kind: 'failure', failure };
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
