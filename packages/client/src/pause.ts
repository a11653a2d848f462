/** Milliseconds: of the first pause, and of the longest. */
const SHORTEST = 100;
const LONGEST = 5_000;

/**
 * Milliseconds until a call is tried again: as long as the bank asks for, else twice as long as before. Jittered, so that
 * clients that failed together do not come back together.
 *
 * @param tried - how often it has been tried again already
 * @param random - from 0 to 1
 */
export function pauseBefore(tried: number, response: Response | undefined, random: number): number {
  const asked = secondsOf(response?.headers.get('Retry-After'));
  if (asked !== undefined) return asked * 1000 + random * SHORTEST;
  return Math.min(SHORTEST * 2 ** tried, LONGEST) * (0.5 + random / 2);
}

/** `Retry-After` as the bank sends it; a date, as proxies may, is taken for nothing said. */
function secondsOf(retryAfter: string | null | undefined): number | undefined {
  return /^\d{1,5}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
}
