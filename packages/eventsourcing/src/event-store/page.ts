/** A page of a read holds at most so many events, and the rest of the commit that its last event belongs to. */
export const PAGE_EVENTS = 1000;

/** A page ends with the event, or in `readAll` the commit, that takes it to about so many bytes, see `eventBytes`. */
export const PAGE_BYTES = 4 * 1024 * 1024;

/** Counts what a page holds. */
export interface PageRoom {
  /** An event of so many bytes. */
  take(bytes: number): void;
  full(): boolean;
}

export function createPageRoom(): PageRoom {
  let events = 0;
  let bytes = 0;
  return {
    take: (taken) => {
      events++;
      bytes += taken;
    },
    full: () => events >= PAGE_EVENTS || bytes >= PAGE_BYTES,
  };
}

/** Whether a stream belongs to those asked for: no prefixes ask for all. */
export function hasPrefix(stream: string, prefixes: readonly string[] | undefined): boolean {
  return prefixes?.some((prefix) => stream.startsWith(prefix)) ?? true;
}
