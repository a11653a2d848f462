import type { Claim } from '@openbank/eventsourcing';
import { claimsOf, type LogRow } from '../log/log-row.ts';

/** The claims of a row that may be damaged; undefined where they are none. */
export function rowClaims(row: Pick<LogRow, 'position' | 'claims'>): readonly Claim[] | undefined {
  try {
    const claims: unknown = claimsOf(row);
    return Array.isArray(claims) && claims.every(isClaim) ? claims : undefined;
  } catch {
    return undefined;
  }
}

function isClaim(value: unknown): value is Claim {
  const { name, requestHash, events } = Object(value);
  return (
    typeof name === 'string' &&
    typeof requestHash === 'string' &&
    Array.isArray(events) &&
    events.every(isRange)
  );
}

function isRange(value: unknown): boolean {
  const { stream, first, last } = Object(value);
  return typeof stream === 'string' && Number.isInteger(first) && Number.isInteger(last);
}
