/**
 * A recorded time as it leaves: RFC 3339 in UTC, always with six digits of a second, so that times sort as strings and
 * a time that was read can be asked for again to the microsecond.
 *
 * @param microseconds - since 1970
 */
export function rfc3339(microseconds: number): string {
  const fraction = String(microseconds % 1_000_000).padStart(6, '0');
  const seconds = new Date((microseconds - (microseconds % 1_000_000)) / 1000).toISOString();
  return `${seconds.slice(0, 19)}.${fraction}Z`;
}

/** Whether it is a day of the calendar, `YYYY-MM-DD`: not the 30th of February. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
