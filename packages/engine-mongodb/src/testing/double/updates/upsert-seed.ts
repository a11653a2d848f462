import { CommandError } from '../command-error.ts';
import { isOperators } from '../query/filter.ts';
import { equalValues } from '../values/compare.ts';
import { type Document, isDocument } from '../values/document.ts';
import { valueAt } from '../values/path.ts';
import { withPath } from './set-path.ts';

/** What an upsert takes from its filter: the fields that are demanded to equal a value. */
export function seedOf(filter: Document): Document {
  return collect({}, filter);
}

function collect(seed: Document, filter: Document): Document {
  let out = seed;
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$and' && Array.isArray(operand)) out = operand.filter(isDocument).reduce(collect, out);
    else if (name === '$or' && Array.isArray(operand) && operand.length === 1)
      out = operand.filter(isDocument).reduce(collect, out);
    else if (!name.startsWith('$')) out = withEquality(out, name, operand);
  }
  return out;
}

function withEquality(seed: Document, name: string, operand: unknown): Document {
  const value = equality(operand);
  if (value === undefined || value instanceof RegExp) return seed;
  const path = name.split('.');
  const known = valueAt(seed, path);
  if (known !== undefined && !equalValues(known, value)) {
    throw new CommandError(
      54,
      'NotSingleValueField',
      `cannot infer query fields to set, path '${name}' is matched twice`,
    );
  }
  return withPath(seed, path, () => value, true);
}

function equality(operand: unknown): unknown {
  if (!isOperators(operand)) return operand;
  if ('$eq' in operand) return operand.$eq;
  const { $in } = operand;
  return Array.isArray($in) && $in.length === 1 ? $in[0] : undefined;
}
