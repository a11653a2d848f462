/**
 * What a test makes the server do wrong; each holds until it is undone, or for the given number of appends. Clients
 * of one process share one connection for everything but reads: it breaks for all of them, subscriptions included.
 */
export interface Faults {
  /** The next `appends` are committed, then the client's connection breaks before the answer: outcome unknown. */
  cutAfterCommit(appends?: number): void;
  /** The connection breaks when the next `appends` arrive, before anything is written: outcome unknown as well. */
  cutBeforeCommit(appends?: number): void;
  /** Every append is answered so many milliseconds after it was written. 0: at once again. */
  delayAnswers(milliseconds: number): void;
  /** Every append is answered with the address of another leader; `undefined`: this node leads again. */
  answerNotLeader(leader: { readonly host: string; readonly port: number } | undefined): void;
  /** Appends are refused as by a server that is too busy (`UNAVAILABLE`): certainly not written. */
  refuseAppends(refuse: boolean): void;
  /** The version that clients are told; an older one also lacks the calls that came after it. */
  serveVersion(version: string): void;
  /** As at the start: no faults. */
  clear(): void;
}

/** Why a node takes no append at all. */
export type NodeRefusal =
  | { readonly kind: 'not-leader'; readonly host: string; readonly port: number }
  | { readonly kind: 'busy' };

/** What the services ask before and after they write. */
export interface FaultPlan {
  version(): string;
  /** Why no append is written now, if so. */
  refusal(): NodeRefusal | undefined;
  /** Whether this append's connection breaks now; counts down. */
  cutsNow(moment: 'before-commit' | 'after-commit'): boolean;
  answerDelay(): number;
}

interface Planned {
  before: number;
  after: number;
  delay: number;
  refusal: NodeRefusal | undefined;
  version: string;
}

const NONE = { before: 0, after: 0, delay: 0, refusal: undefined };

/** The hooks for tests and the plan that they change. */
export const createFaults = (version: string): { readonly faults: Faults; readonly plan: FaultPlan } => {
  const now: Planned = { ...NONE, version };
  const set = (change: Partial<Planned>): void => {
    Object.assign(now, change);
  };
  return {
    faults: {
      cutAfterCommit: (appends = 1) => set({ after: appends }),
      cutBeforeCommit: (appends = 1) => set({ before: appends }),
      delayAnswers: (milliseconds) => set({ delay: milliseconds }),
      answerNotLeader: (leader) => set({ refusal: leader && { kind: 'not-leader', ...leader } }),
      refuseAppends: (refuse) => set({ refusal: refuse ? { kind: 'busy' } : undefined }),
      serveVersion: (served) => set({ version: served }),
      clear: () => set({ ...NONE, version }),
    },
    plan: {
      version: () => now.version,
      refusal: () => now.refusal,
      cutsNow: (moment) => (moment === 'before-commit' ? now.before-- > 0 : now.after-- > 0),
      answerDelay: () => now.delay,
    },
  };
};
