import { isDay } from '../domain/time.ts';

const DAY = String.raw`(?<day>\d{4}-\d{2}-\d{2})`;
const CLOCK = String.raw`(?<clock>(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(?<fraction>\d{1,9}))?`;
const OFFSET = String.raw`(?<offset>Z|[+-]\d{2}:\d{2})`;
const INSTANT = new RegExp(`^${DAY}(?:T${CLOCK}${OFFSET})?$`, 'i');

/**
 * A bound in time as a request gives it: a time of RFC 3339, or a day, `YYYY-MM-DD`, which is its start in UTC. In
 * microseconds since 1970, rounded up: as times are recorded to the microsecond, "not before" and "before" mean the same
 * with it. Undefined where it is neither.
 */
export function readInstant(text: string): bigint | undefined {
  const { day = '', clock = '00:00:00', fraction = '', offset = 'Z' } = INSTANT.exec(text)?.groups ?? {};
  if (!isDay(day)) return undefined;
  const milliseconds = Date.parse(`${day}T${clock}${offset.toUpperCase()}`);
  if (Number.isNaN(milliseconds)) return undefined;
  const nanoseconds = BigInt(fraction.padEnd(9, '0'));
  return BigInt(milliseconds) * 1000n + (nanoseconds + 999n) / 1000n;
}
