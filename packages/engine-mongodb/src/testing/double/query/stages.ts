import { CommandError } from '../command-error.ts';
import { withPath } from '../updates/set-path.ts';
import {
  type Document,
  documentOf,
  isDocument,
  type MutableDocument,
  numberOf,
  textOf,
} from '../values/document.ts';
import { pathOf, valueAt } from '../values/path.ts';
import { compileExpression } from './expression.ts';
import { compileFilter } from './filter.ts';
import { compileGroup } from './group.ts';
import { compileProjection } from './projection.ts';
import { sorted, sortFields } from './sort.ts';
import type { Variables } from './variables.ts';

/** Documents through one stage of a pipeline, or through all. */
export type Stage = (documents: readonly Document[]) => readonly Document[];

type StageMaker = (operand: unknown, variables: Variables) => Stage;

/** Makes a pipeline ready. Throws for stages that the double does not know. */
export function compileStages(stages: readonly Document[], variables: Variables): Stage {
  const compiled = stages.map((stage) => {
    const [name, ...more] = Object.keys(stage);
    if (name === undefined || more.length > 0) {
      throw new CommandError(
        40323,
        'Location40323',
        'A pipeline stage specification object must contain exactly one field.',
      );
    }
    const make = STAGES[name];
    if (make === undefined) {
      throw new CommandError(
        40324,
        'Location40324',
        `Unrecognized pipeline stage name: '${name}' (by the test double)`,
      );
    }
    return make(stage[name], variables);
  });
  return (documents) => compiled.reduce((all, stage) => stage(all), documents);
}

const STAGES: Readonly<Record<string, StageMaker>> = {
  $match: (operand, variables) => {
    const matches = compileFilter(documentOf(operand, '$match'), variables);
    return (documents) => documents.filter(matches);
  },
  $sort: (operand) => {
    const fields = sortFields(documentOf(operand, '$sort'));
    return (documents) => sorted(documents, fields, (document) => document);
  },
  $limit: (operand) => (documents) => documents.slice(0, countOf(operand)),
  $skip: (operand) => (documents) => documents.slice(countOf(operand)),
  $count: (operand) => {
    const name = textOf(operand, '$count');
    return (documents) => (documents.length === 0 ? [] : [{ [name]: documents.length }]);
  },
  $project: (operand, variables) => {
    const project = compileProjection(documentOf(operand, '$project'), variables);
    return (documents) => documents.map(project);
  },
  $set: setFields,
  $addFields: setFields,
  $unset: (operand) => {
    const paths = (Array.isArray(operand) ? operand : [operand]).map((path) =>
      pathOf(textOf(path, '$unset')),
    );
    return (documents) =>
      documents.map((document) =>
        paths.reduce((all, path) => withPath(all, path, () => undefined, false), document),
      );
  },
  $replaceRoot: (operand, variables) => replaceWith(documentOf(operand, '$replaceRoot').newRoot, variables),
  $replaceWith: replaceWith,
  $group: (operand, variables) => compileGroup(documentOf(operand, '$group'), variables),
  $unwind: unwind,
};

function countOf(operand: unknown): number {
  const count = numberOf(operand);
  if (count === undefined || count < 0)
    throw new CommandError(5107201, 'Location5107201', 'invalid argument: a number is needed');
  return count;
}

function setFields(operand: unknown, variables: Variables): Stage {
  const fields = Object.entries(documentOf(operand, '$set')).map(
    ([name, expression]) => [pathOf(name), compileExpression(expression)] as const,
  );
  const set = (document: Document) => {
    const scope = { document, variables };
    return fields.reduce((all, [path, evaluate]) => {
      const value = evaluate(scope);
      return withPath(all, path, (old) => merged(old, value), true);
    }, document);
  };
  return (documents) => documents.map(set);
}

/** A new embedded document is laid over the old one. */
function merged(old: unknown, value: unknown): unknown {
  if (!(isDocument(old) && isDocument(value))) return value;
  const out: MutableDocument = { ...old };
  for (const [name, field] of Object.entries(value)) out[name] = merged(old[name], field);
  return out;
}

function replaceWith(operand: unknown, variables: Variables): Stage {
  const evaluate = compileExpression(operand);
  return (documents) =>
    documents.map((document) => {
      const root = evaluate({ document, variables });
      if (isDocument(root)) return root;
      throw new CommandError(40228, 'Location40228', "'newRoot' expression must evaluate to an object");
    });
}

function unwind(operand: unknown): Stage {
  const options = isDocument(operand) ? operand : { path: operand };
  const path = pathOf(textOf(options.path, '$unwind').slice(1));
  const keepsEmpty = options.preserveNullAndEmptyArrays === true;
  return (documents) =>
    documents.flatMap((document) => {
      const value = valueAt(document, path);
      if (Array.isArray(value) && value.length > 0) {
        return value.map((element) => withPath(document, path, () => element, true));
      }
      const empty = value === undefined || value === null || Array.isArray(value);
      return empty && !keepsEmpty ? [] : [document];
    });
}
