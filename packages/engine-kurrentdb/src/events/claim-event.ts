import { hash } from 'node:crypto';
import {
  type Claim,
  type Commit,
  EventSourcingError,
  firstRevision,
  type StreamRange,
} from '@openbank/eventsourcing';
import type { ProposedAppend } from './proposed-event.ts';
import { CLAIM_PREFIX } from './stream-names.ts';

const CLAIM_TYPE = 'ClaimTaken';

/** The stream of a claim, told apart to the character by the hash of its name; the name itself is in its event. */
export function claimStream(name: string): string {
  return CLAIM_PREFIX + hash('sha256', name, 'hex');
}

/** A claim as the append of a stream that nobody has made yet. */
export function proposedClaim(claim: Claim, commit: Commit): ProposedAppend {
  const { name, requestHash, events } = claim;
  const data = JSON.stringify({
    name,
    requestHash,
    events: events.map(({ stream, first, last }) => ({ stream, first, last })),
  });
  const event = {
    id: claimEventId(data, firstEventId(claim, commit)),
    type: CLAIM_TYPE,
    contentType: 'application/json' as const,
    data: Buffer.from(data),
    metadata: {},
  };
  return { stream: claimStream(name), expected: 'no-stream', events: [event] };
}

/**
 * The claim that a stored event holds.
 *
 * @throws EventSourcingError `store-damaged` - it holds none
 */
export function readClaim(stream: string, type: string, data: string): Claim {
  const claim = type === CLAIM_TYPE ? parsed(data) : undefined;
  if (claim !== undefined && claimStream(claim.name) === stream) return claim;
  throw new EventSourcingError(
    'store-damaged',
    `The stream ${stream} holds no claim of its name: somebody else has written to it. Restore the store from a backup.`,
  );
}

/**
 * Derived, so that the identical commit again has the identical ids: the server compares ids, never contents. So it covers
 * the contents too, and a claim with another request hash or other ranges finds the name taken.
 */
function claimEventId(data: string, firstEventId: string): string {
  const hex = hash('sha256', `${firstEventId}\n${data}`, 'hex');
  // Version 8 of RFC 9562, for ids made in a way of one's own.
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function firstEventId({ events: [range] }: Claim, { streams }: Commit): string {
  const append = streams.find(({ stream }) => stream === range?.stream);
  if (append === undefined || range === undefined) return '';
  return append.events[range.first - firstRevision(append.expected)]?.id ?? '';
}

function parsed(data: string): Claim | undefined {
  let claim: unknown;
  try {
    claim = JSON.parse(data);
  } catch {
    return undefined;
  }
  return isClaim(claim) ? claim : undefined;
}

function isClaim(value: unknown): value is Claim {
  return (
    isRecord(value) &&
    typeof value.name === 'string' &&
    typeof value.requestHash === 'string' &&
    Array.isArray(value.events) &&
    value.events.every(isRange)
  );
}

function isRange(value: unknown): value is StreamRange {
  return (
    isRecord(value) &&
    typeof value.stream === 'string' &&
    [value.first, value.last].every(Number.isSafeInteger)
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
