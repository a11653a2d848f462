import { firstRevision, type JudgedCommit } from '@openbank/eventsourcing';

/** A commit as the tail remembers it. Positions of its rows follow each other from `first`, stream by stream. */
export interface TailCommit {
  readonly first: number;
  readonly last: number;
  readonly streams: readonly TailAppend[];
  readonly claims: readonly string[];
}

export interface TailAppend {
  readonly stream: string;
  readonly firstRevision: number;
  readonly count: number;
}

/** The revisions of a stream that the index may not hold yet: they follow each other from `first`. */
export interface YoungRevisions {
  readonly first: number;
  readonly positions: readonly number[];
}

/**
 * What is younger than the index, in memory: where the events of streams are, and who took which claims. It is fed with
 * every commit and relieved of what the index has committed; readers ask it first, then the index.
 */
export interface Tail {
  /** Events in it. */
  size(): number;
  add(commit: TailCommit): void;
  /** Forgets the commits after a position, which were not written after all. */
  removeAfter(position: number): void;
  /** Forgets the commits up to a position, which the index holds. */
  evictThrough(position: number): void;
  stream(name: string): YoungRevisions | undefined;
  /** The position of the first row of the commit that took the claim. */
  claim(name: string): number | undefined;
}

interface Young {
  first: number;
  positions: number[];
}

/** @param last the position of its last row */
export function tailCommit({ streams, claims }: JudgedCommit, last: number): TailCommit {
  const appends = streams.map(({ stream, expected, events }) => ({
    stream,
    firstRevision: firstRevision(expected),
    count: events.length,
  }));
  const events = appends.reduce((sum, { count }) => sum + count, 0);
  return { first: last - events + 1, last, streams: appends, claims: claims.map(({ name }) => name) };
}

export function createTail(): Tail {
  let commits: TailCommit[] = [];
  const streams = new Map<string, Young>();
  const claims = new Map<string, number>();
  let size = 0;
  let evicted = 0;

  const forget = (gone: readonly TailCommit[], keep: (position: number) => boolean) => {
    for (const { first, last, claims: names } of gone) {
      size -= last - first + 1;
      for (const name of names) if (claims.get(name) === first) claims.delete(name);
    }
    const touched = new Set(gone.flatMap((commit) => commit.streams.map(({ stream }) => stream)));
    for (const stream of touched) shorten(streams, stream, keep);
  };

  return {
    size: () => size,
    add(commit) {
      // The index's word can be faster than the writer's answer.
      if (commit.last <= evicted) return;
      commits.push(commit);
      size += commit.last - commit.first + 1;
      addRevisions(streams, commit);
      for (const name of commit.claims) claims.set(name, commit.first);
    },
    removeAfter(position) {
      const kept = commits.findLastIndex(({ last }) => last <= position) + 1;
      forget(commits.splice(kept), (at) => at <= position);
    },
    evictThrough(position) {
      if (position <= evicted) return;
      evicted = position;
      const kept = commits.findIndex(({ last }) => last > position);
      const gone = kept < 0 ? commits : commits.slice(0, kept);
      commits = kept < 0 ? [] : commits.slice(kept);
      forget(gone, (at) => at > position);
    },
    stream: (name) => streams.get(name),
    claim: (name) => claims.get(name),
  };
}

function addRevisions(streams: Map<string, Young>, commit: TailCommit): void {
  let position = commit.first;
  for (const { stream, firstRevision, count } of commit.streams) {
    let young = streams.get(stream);
    if (young === undefined) {
      young = { first: firstRevision, positions: [] };
      streams.set(stream, young);
    }
    for (let i = 0; i < count; i++) young.positions.push(position++);
  }
}

function shorten(streams: Map<string, Young>, stream: string, keep: (position: number) => boolean): void {
  const young = streams.get(stream);
  if (young === undefined) return;
  const start = young.positions.findIndex(keep);
  if (start < 0) {
    streams.delete(stream);
    return;
  }
  young.first += start;
  young.positions = young.positions.slice(start).filter(keep);
}
