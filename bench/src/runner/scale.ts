import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Scale } from './benchmark.ts';
import type { Progress } from './progress.ts';

type Size = Pick<Scale, 'rounds' | 'seconds' | 'accounts' | 'events'>;

const FULL: Size = { rounds: 3, seconds: 6, accounts: 1_000, events: 200_000 };
/** For a first look: the figures vary more, and short runs pay for their start. */
const QUICK: Size = { rounds: 3, seconds: 1, accounts: 1_000, events: 50_000 };

/** What the command line may say of it. */
export interface ScaleOptions {
  readonly quick?: boolean | undefined;
  readonly directory?: string | undefined;
  readonly rounds?: string | undefined;
  readonly seconds?: string | undefined;
  readonly accounts?: string | undefined;
  readonly events?: string | undefined;
}

/** @throws RangeError - a number is none, or below 1; there is no such folder */
export function scaleOf(options: ScaleOptions, progress: Progress): Scale {
  const size = options.quick === true ? QUICK : FULL;
  return {
    rounds: atLeastOne('rounds', options.rounds) ?? size.rounds,
    seconds: atLeastOne('seconds', options.seconds) ?? size.seconds,
    accounts: atLeastOne('accounts', options.accounts) ?? size.accounts,
    events: atLeastOne('events', options.events) ?? size.events,
    directory: folder(options.directory ?? tmpdir()),
    progress,
  };
}

function atLeastOne(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new RangeError(`--${name} must be a whole number, 1 or more; it is "${text}".`);
}

function folder(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return path;
  throw new RangeError(`--directory: there is no folder ${path}: name one that exists.`);
}
