import type { Position } from '@openbank/eventsourcing';

/** As many digits as an unsigned 64-bit number can have, so that plain comparison of positions is log order. */
const DIGITS = 20;

/** A place in `$all` as the protocol has it: byte offsets as decimal digits. */
export interface LogPlace {
  readonly commit: string;
  readonly prepare: string;
}

/** Commit and prepare position, both in 20 digits. Both are kept: a server's checkpoints can have prepare 0. */
export function toPosition({ commit, prepare }: LogPlace): Position {
  return commit.padStart(DIGITS, '0') + prepare.padStart(DIGITS, '0');
}

/**
 * The place at a position.
 *
 * @throws RangeError - it is no position of this engine
 */
export function toPlace(position: Position): LogPlace {
  if (!POSITION.test(position)) {
    throw new RangeError(
      `${JSON.stringify(position)} is no position of a KurrentDB log: use one that it gave.`,
    );
  }
  return { commit: trimmed(position.slice(0, DIGITS)), prepare: trimmed(position.slice(DIGITS)) };
}

const POSITION = new RegExp(`^\\d{${2 * DIGITS}}$`);

function trimmed(digits: string): string {
  return digits.replace(/^0+(?=\d)/, '');
}
