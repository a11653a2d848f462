import { twoDigits } from './demo-persons.ts';

/** The last whole months before a day, the oldest first: `2026-05`. */
export function lastMonths(today: string, count: number): readonly string[] {
  const [year = 0, month = 1] = today.split('-').map(Number);
  const now = year * 12 + month - 1;
  return Array.from({ length: count }, (_, at) => {
    const then = now - count + at;
    return `${Math.floor(then / 12)}-${twoDigits((then % 12) + 1)}`;
  });
}
