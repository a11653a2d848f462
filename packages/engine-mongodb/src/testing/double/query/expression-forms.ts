import { badValue, CommandError } from '../command-error.ts';
import { type Document, documentOf, documentsOf, isTrue, textOf } from '../values/document.ts';
import type { Form } from './operators.ts';
import type { Evaluate, Scope } from './variables.ts';

/** Operators that evaluate their operands themselves. */
export const FORMS: Readonly<Record<string, Form>> = {
  $literal: (operand) => () => operand,
  $and: (operand, compile) => {
    const conditions = listOf(operand).map(compile);
    return (scope) => conditions.every((condition) => isTrue(condition(scope)));
  },
  $or: (operand, compile) => {
    const conditions = listOf(operand).map(compile);
    return (scope) => conditions.some((condition) => isTrue(condition(scope)));
  },
  $cond: (operand, compile) => {
    const [condition, yes, no] = branchesOf(operand).map(compile);
    if (!condition || !yes || !no) throw badValue('$cond needs if, then and else');
    return (scope) => (isTrue(condition(scope)) ? yes(scope) : no(scope));
  },
  $ifNull: (operand, compile) => {
    const choices = listOf(operand).map(compile);
    return (scope) => firstNotNull(choices, scope);
  },
  $switch: (operand, compile) => switchOf(documentOf(operand, '$switch'), compile),
  $let: (operand, compile) => {
    const { vars, in: body } = documentOf(operand, '$let');
    const bound = Object.entries(documentOf(vars, 'vars')).map(
      ([name, value]) => [name, compile(value)] as const,
    );
    const inner = compile(body);
    return (scope) => {
      const values = bound.map(([name, evaluate]) => [name, evaluate(scope)] as const);
      return inner(withVariables(scope, Object.fromEntries(values)));
    };
  },
  $map: (operand, compile) => {
    const { input, as, in: body } = documentOf(operand, '$map');
    const [list, name, inner] = [compile(input), nameOf(as), compile(body)];
    return (scope) =>
      arrayOrNull(list(scope))?.map((value) => inner(withVariables(scope, { [name]: value })) ?? null) ??
      null;
  },
  $filter: (operand, compile) => {
    const { input, as, cond } = documentOf(operand, '$filter');
    const [list, name, keeps] = [compile(input), nameOf(as), compile(cond)];
    return (scope) =>
      arrayOrNull(list(scope))?.filter((value) => isTrue(keeps(withVariables(scope, { [name]: value })))) ??
      null;
  },
  $reduce: (operand, compile) => {
    const { input, initialValue, in: body } = documentOf(operand, '$reduce');
    const [list, start, inner] = [compile(input), compile(initialValue), compile(body)];
    return (scope) =>
      arrayOrNull(list(scope))?.reduce<unknown>(
        (value, element) => inner(withVariables(scope, { value, this: element })),
        start(scope),
      ) ?? null;
  },
};

function listOf(operand: unknown): readonly unknown[] {
  return Array.isArray(operand) ? operand : [operand];
}

function branchesOf(operand: unknown): readonly unknown[] {
  if (Array.isArray(operand)) return operand;
  const { if: condition, then: yes, else: no } = documentOf(operand, '$cond');
  return [condition, yes, no];
}

function firstNotNull(choices: readonly Evaluate[], scope: Scope): unknown {
  let value: unknown = null;
  for (const choice of choices) {
    value = choice(scope);
    if (value !== null && value !== undefined) return value;
  }
  return value;
}

function switchOf(operand: Document, compile: (expression: unknown) => Evaluate): Evaluate {
  const cases = documentsOf(operand.branches, 'branches').map(
    (branch) => [compile(branch.case), compile(branch.then)] as const,
  );
  const otherwise = 'default' in operand ? compile(operand.default) : undefined;
  return (scope) => {
    const found = cases.find(([condition]) => isTrue(condition(scope)));
    if (found !== undefined) return found[1](scope);
    if (otherwise === undefined)
      throw new CommandError(40066, 'Location40066', '$switch could not find a matching branch');
    return otherwise(scope);
  };
}

function withVariables(scope: Scope, more: Readonly<Record<string, unknown>>): Scope {
  return { document: scope.document, variables: { ...scope.variables, ...more } };
}

function nameOf(as: unknown): string {
  return as === undefined ? 'this' : textOf(as, 'as');
}

function arrayOrNull(value: unknown): readonly unknown[] | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) return value;
  throw new CommandError(16883, 'Location16883', 'input must be an array');
}
