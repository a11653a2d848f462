import type { RecordedEvent } from '../event.ts';

/** A kind of fault that was found: the first record of it, and how many there are. */
export interface Finding {
  /** Stable, for example `chain-broken`: programs may branch on it. */
  readonly kind: string;
  /** Where the first one is: an event, a document, a file. */
  readonly place: string;
  /** What was expected and what is there. It holds nothing personal. */
  readonly what: string;
  readonly count: number;
}

/** What is wrong, gathered by kind: whoever looks goes on after a wrong record. */
export interface Findings {
  /** @param count - how many records it speaks for. Default 1. */
  add(kind: string, place: string, what: string, count?: number): void;
  all(): readonly Finding[];
}

export function createFindings(): Findings {
  const byKind = new Map<string, Finding>();
  return {
    add(kind, place, what, count = 1) {
      const first = byKind.get(kind);
      byKind.set(kind, {
        kind,
        place: first?.place ?? place,
        what: first?.what ?? what,
        count: (first?.count ?? 0) + count,
      });
    },
    all: () => [...byKind.values()],
  };
}

/** How findings name an event. */
export function placeOf({ stream, revision, position }: EventPlace): string {
  return `${stream}@${revision}, position ${position}`;
}

type EventPlace = Pick<RecordedEvent, 'stream' | 'revision' | 'position'>;
