import { badValue } from '../command-error.ts';
import { type Document, documentsOf, isDocument } from '../values/document.ts';
import { own, pathOf, valuesAt } from '../values/path.ts';
import {
  equalTo,
  matching,
  operatorsOf,
  regexOf,
  VALUE_TESTS,
  type ValueTest,
  WHOLE_TESTS,
} from './conditions.ts';
import { compileExpression } from './expression.ts';
import { isTrueResult, type Variables } from './variables.ts';

/** Whether a document is found by a filter. */
export type Matcher = (document: unknown) => boolean;

/** Makes the test of a filter. Throws where a real server refuses the filter, or the double does not know an operator. */
export function compileFilter(filter: Document, variables: Variables): Matcher {
  const tests = Object.entries(filter).flatMap(([name, operand]) => compileEntry(name, operand, variables));
  const [first, ...others] = tests;
  if (first === undefined) return () => true;
  return others.length === 0 ? first : (document) => tests.every((test) => test(document));
}

function compileEntry(name: string, operand: unknown, variables: Variables): readonly Matcher[] {
  if (!name.startsWith('$')) return compileField(name, operand, variables);
  switch (name) {
    case '$and':
      return branches(name, operand, variables);
    case '$or': {
      const tests = branches(name, operand, variables);
      return [(document) => tests.some((test) => test(document))];
    }
    case '$nor': {
      const tests = branches(name, operand, variables);
      return [(document) => !tests.some((test) => test(document))];
    }
    case '$expr': {
      const evaluate = compileExpression(operand);
      return [(document) => isTrueResult(evaluate({ document, variables }))];
    }
    case '$comment':
      return [];
    default:
      throw badValue(`unknown top level operator: ${name}`);
  }
}

function branches(name: string, operand: unknown, variables: Variables): readonly Matcher[] {
  const filters = documentsOf(operand, name);
  if (filters.length === 0) throw badValue(`${name} must be a nonempty array`);
  return filters.map((filter) => compileFilter(filter, variables));
}

function compileField(name: string, operand: unknown, variables: Variables): readonly Matcher[] {
  const at = pathReader(name);
  if (!isOperators(operand)) return [anyValue(at, equalTo(operand))];
  return Object.entries(operand).flatMap(([operator, value]) =>
    compileOperator(at, operator, value, operand, variables),
  );
}

/** The values at a path; a field of the document itself, the common case, without a walk. */
function pathReader(name: string): (document: unknown) => readonly unknown[] {
  const path = pathOf(name);
  if (path.length > 1) return (document) => valuesAt(document, path);
  return (document) => [isDocument(document) ? own(document, name) : undefined];
}

export function isOperators(operand: unknown): operand is Document {
  if (!isDocument(operand)) return false;
  const [first] = Object.keys(operand);
  return first?.startsWith('$') === true;
}

type Values = (document: unknown) => readonly unknown[];

function compileOperator(
  at: Values,
  operator: string,
  operand: unknown,
  all: Document,
  variables: Variables,
): readonly Matcher[] {
  const value = VALUE_TESTS[operator];
  if (value !== undefined) return [anyValue(at, value(operand))];
  const whole = WHOLE_TESTS[operator];
  if (whole !== undefined) return [anyWhole(at, whole(operand), operator === '$exists' && !operand)];
  switch (operator) {
    case '$ne':
      return [not(anyValue(at, equalTo(operand)))];
    case '$nin':
      return [not(anyValue(at, test('$in', operand)))];
    case '$regex':
      return [anyValue(at, matching(regexOf(all)))];
    case '$options':
      return [];
    case '$not':
      return [not(negated(at, operand, variables))];
    case '$all':
      return allOf(at, operand);
    case '$elemMatch':
      return [anyWhole(at, elementMatch(operand, variables), false)];
    default:
      throw badValue(`unknown operator: ${operator}`);
  }
}

function test(operator: string, operand: unknown): ValueTest {
  const make = VALUE_TESTS[operator];
  if (make === undefined) throw badValue(`unknown operator: ${operator}`);
  return make(operand);
}

function not(matcher: Matcher): Matcher {
  return (document) => !matcher(document);
}

function anyValue(at: Values, passes: ValueTest): Matcher {
  return (document) =>
    at(document).some((value) => passes(value) || (Array.isArray(value) && value.some(passes)));
}

function anyWhole(at: Values, passes: ValueTest, every: boolean): Matcher {
  return every ? (document) => at(document).every(passes) : (document) => at(document).some(passes);
}

function negated(at: Values, operand: unknown, variables: Variables): Matcher {
  if (operand instanceof RegExp) return anyValue(at, matching(operand));
  const operators = operatorsOf(operand);
  const tests = Object.entries(operators).flatMap(([operator, value]) =>
    compileOperator(at, operator, value, operators, variables),
  );
  return (document) => tests.every((matcher) => matcher(document));
}

function allOf(at: Values, operand: unknown): readonly Matcher[] {
  if (!Array.isArray(operand)) throw badValue('$all needs an array');
  if (operand.length === 0) return [() => false];
  return operand.map((element) => anyValue(at, equalTo(element)));
}

function elementMatch(operand: unknown, variables: Variables): ValueTest {
  const matcher = isOperators(operand)
    ? negated((value) => [value], operand, variables)
    : compileFilter(operatorsOf(operand), variables);
  return (value) => Array.isArray(value) && value.some(matcher);
}
