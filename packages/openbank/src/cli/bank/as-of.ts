import { Option } from 'commander';
import { defined } from './defined.ts';
import { typedMoment } from './typed-time.ts';

export interface AsOfFlags {
  readonly asOf?: string;
  readonly asOfPosition?: string;
}

/** For reads that can tell how it was. */
export const AS_OF_OPTIONS: readonly Option[] = [
  new Option(
    '--as-of <time>',
    'as it was at this time, 2026-01-31T12:00:00Z, or when this day began, UTC',
  ).argParser(typedMoment),
  new Option('--as-of-position <position>', 'as it was at this position of the log: 42'),
];

/** @param head - where the log ends, if that is known */
export function asOfQuery({ asOf, asOfPosition }: AsOfFlags, head: string | undefined) {
  return defined({ as_of: asOf, as_of_position: asOfPosition && padded(asOfPosition, head) });
}

/** Positions of a log are all of one length; nobody types the zeros. What is none, the bank says. */
function padded(position: string, head = ''): string {
  return /^\d+$/.test(position) ? position.padStart(head.length, '0') : position;
}
