import { CommandError, failedToParse } from '../command-error.ts';
import { type Document, documentOf, textOf } from '../values/document.ts';
import { valueAt } from '../values/path.ts';
import { FIELD_OPERATORS } from './field-operators.ts';
import { type Become, updatePath, withPath } from './set-path.ts';

/** Makes the new document of an old one. */
export type Update = (document: Document, inserting: boolean) => Document;

interface Step {
  readonly path: readonly string[];
  readonly text: string;
  readonly become: Become;
  readonly create: boolean;
  readonly onlyOnInsert: boolean;
}

/** Makes an update of operators ready. Fields are set in the order of their names, as the server does since 5.0. */
export function compileModifiers(update: Document, now: Date): Update {
  const steps = Object.entries(update).flatMap(([operator, fields]) => stepsOf(operator, fields, now));
  const renames = Object.entries(documentOf(update.$rename ?? {}, '$rename'));
  checkConflicts([
    ...steps.map(({ text }) => text),
    ...renames.flatMap(([from, to]) => [from, textOf(to, '$rename')]),
  ]);
  steps.sort((a, b) => compareNames(a.text, b.text));
  return (document, inserting) => {
    const renamed = renames.reduce((all, [from, to]) => rename(all, from, textOf(to, '$rename')), document);
    return steps.reduce(
      (all, step) =>
        step.onlyOnInsert && !inserting ? all : withPath(all, step.path, step.become, step.create),
      renamed,
    );
  };
}

function stepsOf(operator: string, fields: unknown, now: Date): readonly Step[] {
  if (operator === '$rename') return [];
  const onlyOnInsert = operator === '$setOnInsert';
  const known = FIELD_OPERATORS[onlyOnInsert ? '$set' : operator];
  if (known === undefined) {
    throw failedToParse(
      `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  return Object.entries(documentOf(fields, `the argument of ${operator}`)).map(([text, operand]) => ({
    path: updatePath(text),
    text,
    become: known.become(operand, text, now),
    create: known.create,
    onlyOnInsert,
  }));
}

function checkConflicts(paths: readonly string[]): void {
  const seen = paths.toSorted();
  for (const [at, path] of seen.entries()) {
    const next = seen[at + 1];
    const inside = seen.find((other) => other.startsWith(`${path}.`));
    if (next === path || inside !== undefined) {
      throw new CommandError(
        40,
        'ConflictingUpdateOperators',
        `Updating the path '${inside ?? path}' would create a conflict at '${path}'`,
      );
    }
  }
}

function compareNames(a: string, b: string): number {
  const whole = /^\d+$/;
  if (whole.test(a) && whole.test(b)) return Number(a) - Number(b);
  return a < b ? -1 : 1;
}

function rename(document: Document, from: string, to: string): Document {
  const value = valueAt(document, updatePath(from));
  if (value === undefined) return document;
  const removed = withPath(document, updatePath(from), () => undefined, false);
  return withPath(removed, updatePath(to), () => value, true);
}
