import type { LeaseStore } from './lease-store.ts';

export interface MemoryLeaseStoreOptions {
  /** The store's clock, milliseconds. Default: this process's. */
  readonly now?: () => number;
}

/** Leases in memory: for tests, and to say in the fewest words what every store does. */
export function createMemoryLeaseStore({
  now = () => performance.now(),
}: MemoryLeaseStoreOptions = {}): LeaseStore {
  /** Until when each holder is alive. */
  const holders = new Map<string, number>();
  const leases = new Map<string, { readonly holder: string; readonly until: number }>();

  function release(lease: string, holder: string): void {
    if (leases.get(lease)?.holder === holder) leases.delete(lease);
  }

  return {
    async heartbeat(holder, duration) {
      const time = now();
      holders.set(holder, time + duration);
      for (const [lease, held] of leases)
        if (held.holder === holder) leases.set(lease, { holder, until: time + duration });
      return {
        holders: [...holders].flatMap(([name, until]) => (until > time ? [name] : [])).sort(),
        leases: new Map(
          [...leases].flatMap(([lease, held]) => (held.until > time ? [[lease, held.holder]] : [])),
        ),
      };
    },
    async acquire(lease, holder, duration) {
      const time = now();
      const held = leases.get(lease);
      if (held !== undefined && held.holder !== holder && held.until > time) return false;
      leases.set(lease, { holder, until: time + duration });
      return true;
    },
    async release(lease, holder) {
      release(lease, holder);
    },
    async leave(holder) {
      for (const lease of leases.keys()) release(lease, holder);
      holders.delete(holder);
    },
    async close() {},
  };
}
