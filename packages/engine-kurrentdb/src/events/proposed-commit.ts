import type { Commit, NewEvent } from '@openbank/eventsourcing';
import { proposedClaim } from './claim-event.ts';
import { type CommitPlace, toStoredMetadata } from './event-metadata.ts';
import type { ProposedAppend, ProposedEvent } from './proposed-event.ts';

/** What a commit appends: its claims first, so that they are judged first, each as a stream of its own. */
export function proposedAppends(commit: Commit): readonly ProposedAppend[] {
  const size = commit.streams.reduce((sum, { events }) => sum + events.length, 0);
  let index = 0;
  const streams = commit.streams.map(({ stream, expected, events }) => ({
    stream,
    expected,
    events: events.map((event) => proposedEvent(event, { index: index++, size })),
  }));
  return [...commit.claims.map((claim) => proposedClaim(claim, commit)), ...streams];
}

/**
 * Data go as the bytes they are, under the type that they have: JSON with other spaces or an order of members of its own
 * stays so, and what is no JSON at all is kept as bytes.
 */
function proposedEvent(event: NewEvent, place: CommitPlace): ProposedEvent {
  const contentType = isJson(event.data) ? 'application/json' : 'application/octet-stream';
  const data = Buffer.from(event.data);
  return { id: event.id, type: event.type, contentType, data, metadata: toStoredMetadata(event, place) };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
