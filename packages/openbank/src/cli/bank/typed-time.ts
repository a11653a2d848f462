import { InvalidArgumentError } from 'commander';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,6})?([Zz]|[+-]\d{2}:\d{2})$/;

/** A day or a time of RFC 3339, as it was typed. @throws InvalidArgumentError - it is neither */
export function typedTime(text: string): string {
  if ((DAY.test(text) || TIME.test(text)) && exists(text)) return text;
  throw new InvalidArgumentError(
    'Give a day, such as 2026-01-31, or a time, such as 2026-01-31T12:00:00Z or 2026-01-31T12:00:00+01:00.',
  );
}

/** The same, a day as the time when it begins in UTC. @throws InvalidArgumentError - it is neither */
export function typedMoment(text: string): string {
  const typed = typedTime(text);
  return DAY.test(typed) ? `${typed}T00:00:00Z` : typed;
}

/** JavaScript takes 30 February for 2 March. */
function exists(text: string): boolean {
  const day = text.slice(0, 10);
  const start = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(start.getTime()) || Number.isNaN(Date.parse(text.toUpperCase()))) return false;
  return start.toISOString().startsWith(day);
}
