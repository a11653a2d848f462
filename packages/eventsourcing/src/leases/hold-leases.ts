import { pause, within } from '../patience.ts';
import type { LeaseBoard, LeaseStore } from './lease-store.ts';

/** What has become of a lease in this process. */
export type LeaseNews = 'taken' | 'given-back' | 'lost';

export interface HoldLeasesOptions {
  readonly leases: LeaseStore;
  /** This process, among all that hold leases of these: it has this name at no other time. */
  readonly holder: string;
  /** All leases that there are, whoever holds them. */
  readonly names: readonly string[];
  /** Milliseconds that a lease lasts without a heartbeat. */
  readonly duration: number;
  /** Ends it: everything is given back. */
  readonly signal: AbortSignal;
  /** Leases are this process's now: begins the work that they stand for. */
  begin(names: readonly string[]): void;
  /** A lease is not, or will not be for much longer: ends its work; resolves when it is finished. */
  end(name: string): Promise<void>;
  onNews?(name: string, news: LeaseNews): void;
  /** The store of the leases is out of reach, and is asked again in a moment. Counts from 1. */
  onRetry?(error: unknown, attempt: number): void;
}

/** Milliseconds from one heartbeat to the next at most: what somebody gives back is taken no later. */
const LONGEST_INTERVAL = 1_000;

/**
 * Shares leases with all other processes that are alive: each aims at an equal part, takes what is free, and gives back
 * what it has above that. What a heartbeat does not lengthen in time is ended before it can run out, by a clock of this
 * process: the last tenth of a lease is left for that. What another holder has taken is ended when it is seen.
 *
 * Resolves when the signal has ended it, and everything is given back.
 */
export async function holdLeases(options: HoldLeasesOptions): Promise<void> {
  const { leases, holder, duration, signal, onRetry } = options;
  const interval = Math.min(duration / 3, LONGEST_INTERVAL);
  const held = createHeldLeases(options);
  let attempt = 0;
  while (!signal.aborted) {
    try {
      await within(duration, (isLate) => beat(options, held, isLate));
      attempt = 0;
    } catch (error) {
      onRetry?.(error, ++attempt);
    }
    await pause(interval, signal);
  }
  await held.endAll();
  await within(duration, () => leases.leave(holder)).catch((error: unknown) => onRetry?.(error, attempt + 1));
}

/** One look at who has what, and what follows from it. */
async function beat(options: HoldLeasesOptions, held: HeldLeases, isLate: () => boolean): Promise<void> {
  const { leases, holder, names, duration } = options;
  const sent = performance.now();
  const board = await leases.heartbeat(holder, duration);
  if (isLate()) return;
  held.renew(board, sent);
  const part = Math.ceil(names.length / board.holders.length);
  held.giveBackAbove(part);
  try {
    await takeFree(options, held, board, part, isLate);
  } finally {
    // What was taken before something failed is ours.
    held.begin();
  }
}

async function takeFree(
  { leases, holder, names, duration }: HoldLeasesOptions,
  held: HeldLeases,
  board: LeaseBoard,
  part: number,
  isLate: () => boolean,
): Promise<void> {
  for (const name of names) {
    if (held.count() >= part || isLate()) return;
    if (board.leases.has(name) || held.isBusy(name)) continue;
    const asked = performance.now();
    const isMine = await leases.acquire(name, holder, duration);
    // One that comes late is seen as ours, or another's, at the next heartbeat.
    if (isMine && !isLate()) held.take(name, asked + duration);
  }
}

/** The leases of this process, and the work that is being ended of those that were. */
interface HeldLeases {
  count(): number;
  /** Whether it is held, or its work is being ended. */
  isBusy(name: string): boolean;
  /** @param asked - when the board was asked for, by this process's clock: what is ours on it lasts from then on */
  renew(board: LeaseBoard, asked: number): void;
  /** @param until - when it can run out, by this process's clock */
  take(name: string, until: number): void;
  /** Begins the work of those that were taken. */
  begin(): void;
  giveBackAbove(part: number): void;
  endAll(): Promise<void>;
}

function createHeldLeases(options: HoldLeasesOptions): HeldLeases {
  const { leases, holder, names, duration, onNews, onRetry } = options;
  const margin = duration / 10;
  /** Until when each is ours at least. */
  const held = new Map<string, number>();
  /** Of these, those whose work is not begun yet. */
  const fresh = new Set<string>();
  const ending = new Map<string, Promise<void>>();
  /** When each was last given back. */
  const givenBack = new Map<string, number>();
  let watch: NodeJS.Timeout | undefined;

  function watchOut(): void {
    clearTimeout(watch);
    if (held.size === 0) return;
    const soonest = Math.min(...held.values());
    watch = setTimeout(loseExpired, Math.max(0, soonest - margin - performance.now()));
  }

  function loseExpired(): void {
    for (const [name, until] of held) if (until - margin <= performance.now()) lose(name);
    watchOut();
  }

  /** Whoever hangs in its store is waited for no longer than a lease lasts: what it writes later is refused. */
  function endWork(name: string, then: () => Promise<void>): void {
    held.delete(name);
    fresh.delete(name);
    const ended = within(duration, () => options.end(name))
      .catch((error: unknown) => onRetry?.(error, 1))
      .then(then)
      .catch((error: unknown) => onRetry?.(error, 1))
      .finally(() => ending.delete(name));
    ending.set(name, ended);
  }

  function lose(name: string): void {
    onNews?.(name, 'lost');
    endWork(name, async () => {});
  }

  function take(name: string, until: number): void {
    if (!held.has(name)) fresh.add(name);
    held.set(name, until);
    watchOut();
  }

  function begin(): void {
    const taken = [...fresh];
    fresh.clear();
    if (taken.length === 0) return;
    for (const name of taken) onNews?.(name, 'taken');
    options.begin(taken);
  }

  async function giveBack(name: string): Promise<void> {
    try {
      await within(duration, () => leases.release(name, holder));
    } finally {
      givenBack.set(name, performance.now());
    }
    onNews?.(name, 'given-back');
  }

  /** A board that was asked for before a lease was given back can show it as ours. */
  function isOurs(name: string, board: LeaseBoard, asked: number): boolean {
    return board.leases.get(name) === holder && (givenBack.get(name) ?? asked) <= asked;
  }

  return {
    count: () => held.size,
    isBusy: (name) => held.has(name) || ending.has(name),
    take,
    begin,
    renew(board, asked) {
      for (const name of names) {
        const ours = isOurs(name, board, asked);
        if (ours && !ending.has(name)) take(name, asked + duration);
        else if (!ours && held.has(name)) lose(name);
      }
      watchOut();
    },
    giveBackAbove(part) {
      for (const name of [...held.keys()].slice(part)) endWork(name, () => giveBack(name));
      watchOut();
    },
    async endAll() {
      clearTimeout(watch);
      for (const name of [...held.keys()]) endWork(name, async () => {});
      await Promise.all(ending.values());
    },
  };
}
