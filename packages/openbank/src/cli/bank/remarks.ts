import { InvalidArgumentError, Option } from 'commander';
import { defined } from './defined.ts';

/** What a caller may say of every transaction. */
export interface RemarkFlags {
  readonly description?: string;
  readonly reference?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly valueDate?: string;
}

export const REMARK_OPTIONS: readonly Option[] = [
  new Option('--description <text>', 'what it is for; kept as personal data of the owner'),
  new Option('--reference <name>', 'your own name for it; kept in the clear'),
  new Option('--metadata <name=value>', 'your own data, as often as needed; kept in the clear').argParser(
    withMember,
  ),
  new Option('--value-date <day>', 'the day from which it counts, YYYY-MM-DD; default: today in UTC'),
];

export function remarksOf({ description, reference, metadata, valueDate }: RemarkFlags) {
  return defined({ description, reference, metadata, value_date: valueDate });
}

/** @throws InvalidArgumentError - it has no name or no value */
function withMember(
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Give a name and a value, such as order=4711.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
