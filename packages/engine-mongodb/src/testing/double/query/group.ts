import { CommandError } from '../command-error.ts';
import { compareValues, equalValues } from '../values/compare.ts';
import { type Document, documentOf, type MutableDocument } from '../values/document.ts';
import { keyString } from '../values/key-string.ts';
import { add, isNumeric, type Numeric } from '../values/numbers.ts';
import { compileExpression } from './expression.ts';
import type { Evaluate, Variables } from './variables.ts';

/** Of all values of a group, its result. */
type Accumulator = (values: readonly unknown[]) => unknown;

const ACCUMULATORS: Readonly<Record<string, Accumulator>> = {
  $sum: total,
  $count: (values) => values.length,
  $avg: (values) => {
    const numbers = values.filter(isNumeric);
    return numbers.length === 0 ? null : Number(total(numbers)) / numbers.length;
  },
  $min: (values) => extreme(values, -1),
  $max: (values) => extreme(values, 1),
  $first: (values) => values[0] ?? null,
  $last: (values) => values.at(-1) ?? null,
  $push: (values) => values.filter((value) => value !== undefined),
  $addToSet: (values) =>
    values.filter((value, at) => values.findIndex((other) => equalValues(other, value)) === at),
};

function total(values: readonly unknown[]): Numeric {
  return values.filter(isNumeric).reduce(add, 0);
}

function extreme(values: readonly unknown[], sign: number): unknown {
  const given = values.filter((value) => value !== null && value !== undefined);
  return (
    given.reduce((best, value) => (sign * compareValues(value, best) > 0 ? value : best), given[0]) ?? null
  );
}

/** Makes `$group` ready: a document for each different `_id`, in the order of their first appearance. */
export function compileGroup(
  operand: Document,
  variables: Variables,
): (documents: readonly Document[]) => Document[] {
  const { _id, ...fields } = operand;
  const identify = compileExpression(_id);
  const outputs = Object.entries(fields).map(([name, field]) => compileField(name, documentOf(field, name)));
  return (documents) => {
    const groups = new Map<string, { id: unknown; documents: Document[] }>();
    for (const document of documents) {
      const id = identify({ document, variables }) ?? null;
      const key = keyString(id);
      const group = groups.get(key) ?? { id, documents: [] };
      group.documents.push(document);
      groups.set(key, group);
    }
    return [...groups.values()].map((group) => {
      const out: MutableDocument = { _id: group.id };
      for (const { name, evaluate, accumulate } of outputs) {
        out[name] = accumulate(group.documents.map((document) => evaluate({ document, variables })));
      }
      return out;
    });
  };
}

interface OutputField {
  readonly name: string;
  readonly evaluate: Evaluate;
  readonly accumulate: Accumulator;
}

function compileField(name: string, field: Document): OutputField {
  const [operator = ''] = Object.keys(field);
  const accumulate = ACCUMULATORS[operator];
  if (accumulate === undefined)
    throw new CommandError(15952, 'Location15952', `unknown group operator '${operator}'`);
  return { name, evaluate: compileExpression(field[operator]), accumulate };
}
