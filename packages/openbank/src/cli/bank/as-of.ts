import { Option } from 'commander';
import { defined } from './defined.ts';

export interface AsOfFlags {
  readonly asOf?: string;
  readonly asOfPosition?: string;
}

/** For reads that can tell how it was. */
export const AS_OF_OPTIONS: readonly Option[] = [
  new Option('--as-of <time>', 'as it was at this time: 2026-01-31T00:00:00Z'),
  new Option('--as-of-position <position>', 'as it was at this position of the log'),
];

export function asOfQuery({ asOf, asOfPosition }: AsOfFlags) {
  return defined({ as_of: asOf, as_of_position: asOfPosition });
}
