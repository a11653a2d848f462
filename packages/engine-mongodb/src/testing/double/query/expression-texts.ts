import { CommandError } from '../command-error.ts';
import type { Operator } from './operators.ts';

export const TEXTS: Readonly<Record<string, Operator>> = {
  $concat: (values) => (values.some(isNull) ? null : values.map((value) => text('$concat', value)).join('')),
  $toLower: ([value]) => (isNull(value) ? '' : text('$toLower', value).toLowerCase()),
  $toUpper: ([value]) => (isNull(value) ? '' : text('$toUpper', value).toUpperCase()),
  $strLenBytes: ([value]) => Buffer.byteLength(text('$strLenBytes', value)),
  $strLenCP: ([value]) => Array.from(text('$strLenCP', value)).length,
  $split: ([value, separator]) =>
    isNull(value) ? null : text('$split', value).split(text('$split', separator)),
};

function isNull(value: unknown): boolean {
  return value === null || value === undefined;
}

function text(operator: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new CommandError(14, 'TypeMismatch', `${operator} only supports strings`);
}
