import { hash } from 'node:crypto';
import { EventSourcingError } from '../errors.ts';

/** Hexadecimal digits of a seal. */
const DIGITS = 32;
const SEALED = /,"seal":"([0-9a-f]{32})"\}$/;

/**
 * Seals lines of JSON objects, each with a hash over all lines up to it: a line that was changed, left out, repeated or
 * moved is noticed before anything of it is used. It shows accidents; whoever edits on purpose can seal again.
 */
export function createLineSealing(): (json: string) => string {
  let seal = '';
  return (json) => {
    seal = sealOf(seal, json);
    return `${json.slice(0, -1)},"seal":"${seal}"}`;
  };
}

/**
 * Takes the seals off lines in their order, and counts them.
 *
 * @throws EventSourcingError `export-damaged` - the line is not the one that was written there
 */
export function createLineOpening(): (line: string) => string {
  let seal = '';
  let count = 0;
  return (line) => {
    count++;
    const found = SEALED.exec(line.slice(-(DIGITS + 12)));
    const json = found === null ? '' : `${line.slice(0, -(DIGITS + 11))}}`;
    if (found === null || sealOf(seal, json) !== found[1]) throw notAsWritten(count);
    seal = found[1] ?? '';
    return json;
  };
}

function sealOf(before: string, json: string): string {
  return hash('sha256', before + json, 'hex').slice(0, DIGITS);
}

function notAsWritten(line: number): EventSourcingError {
  return new EventSourcingError(
    'export-damaged',
    `Line ${line} is not what was exported there: it was changed, cut, moved or repeated, or a line before it is missing. Nothing from it on is imported; get the file again.`,
  );
}
