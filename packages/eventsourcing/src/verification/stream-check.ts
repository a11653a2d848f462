import { hash } from 'node:crypto';
import { CHAIN_START, chainLink } from '../chain.ts';
import type { RecordedEvent } from '../event.ts';
import { type Findings, placeOf } from './findings.ts';

/** Follows each stream: its chain, its revisions, its times. Some 400 bytes a stream. */
export interface StreamCheck {
  see(event: RecordedEvent): void;
  streams(): number;
  /** SHA-256 in hex over the heads of all chains: equal where two logs hold the same events in the same streams. */
  digest(): string;
}

interface StreamHead {
  revision: number;
  recordedAt: number;
  link: string;
}

/** @param oneClock - whether recorded times rise along the whole log */
export function createStreamCheck(findings: Findings, oneClock: boolean): StreamCheck {
  const heads = new Map<string, StreamHead>();
  let last = -1;
  return {
    see(event) {
      const { stream, revision, recordedAt, link } = event;
      let head = heads.get(stream);
      if (head === undefined) {
        head = { revision: -1, recordedAt: -1, link: CHAIN_START };
        heads.set(stream, head);
      }
      checkRevision(findings, event, head);
      checkTime(findings, event, oneClock ? last : head.recordedAt);
      if (chainLink(head.link, stream, revision, event) !== link) {
        findings.add(
          'chain-broken',
          placeOf(event),
          'the link is not that of this event after the one before it',
        );
      }
      head.revision = revision;
      head.recordedAt = recordedAt;
      head.link = link;
      last = recordedAt;
    },
    streams: () => heads.size,
    digest: () => digestOf(heads),
  };
}

function checkRevision(findings: Findings, event: RecordedEvent, before: StreamHead): void {
  const expected = before.revision + 1;
  if (event.revision === expected) return;
  findings.add(
    'revision-wrong',
    placeOf(event),
    `revision ${expected} was to come, ${event.revision} is there`,
  );
}

function checkTime(findings: Findings, event: RecordedEvent, before: number): void {
  if (event.recordedAt > before) return;
  const what = `it was recorded at ${event.recordedAt}, the one before it at ${before}: times rise`;
  findings.add('recorded-time-wrong', placeOf(event), what);
}

function digestOf(heads: ReadonlyMap<string, StreamHead>): string {
  let digest = '';
  let lines = '';
  for (const stream of [...heads.keys()].sort()) {
    const head = heads.get(stream);
    lines += `${stream}\n${head?.revision}\n${head?.link}\n`;
    if (lines.length < 100_000) continue;
    digest = hash('sha256', digest + lines);
    lines = '';
  }
  return hash('sha256', digest + lines);
}
