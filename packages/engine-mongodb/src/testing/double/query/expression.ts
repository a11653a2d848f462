import { CommandError } from '../command-error.ts';
import { isDocument, type MutableDocument } from '../values/document.ts';
import { own, pathOf } from '../values/path.ts';
import { ARITHMETIC } from './expression-arithmetic.ts';
import { ARRAYS } from './expression-arrays.ts';
import { COMPARISONS } from './expression-comparisons.ts';
import { CONVERSIONS } from './expression-conversions.ts';
import { DATES } from './expression-dates.ts';
import { FORMS } from './expression-forms.ts';
import { TEXTS } from './expression-texts.ts';
import type { Form, Operator } from './operators.ts';
import type { Evaluate, Scope } from './variables.ts';

const OPERATORS: Readonly<Record<string, Operator>> = {
  ...ARITHMETIC,
  ...ARRAYS,
  ...COMPARISONS,
  ...CONVERSIONS,
  ...TEXTS,
};

const ALL_FORMS: Readonly<Record<string, Form>> = { ...FORMS, ...DATES };

/** Makes an aggregation expression ready. Throws where the double does not know an operator. */
export function compileExpression(expression: unknown): Evaluate {
  if (typeof expression === 'string') return compileText(expression);
  if (Array.isArray(expression)) {
    const elements = expression.map(compileExpression);
    return (scope) => elements.map((element) => element(scope) ?? null);
  }
  if (!isDocument(expression)) return () => expression;
  const [name, ...more] = Object.keys(expression);
  if (name?.startsWith('$') !== true) return compileDocument(Object.entries(expression));
  if (more.length > 0) {
    throw new CommandError(15983, 'Location15983', 'an object that is an expression has exactly one field');
  }
  return compileOperator(name, expression[name]);
}

function compileText(text: string): Evaluate {
  if (text.startsWith('$$')) return compileVariable(text.slice(2));
  if (!text.startsWith('$')) return () => text;
  const path = pathOf(text.slice(1));
  return ({ document }) => follow(document, path);
}

function compileVariable(text: string): Evaluate {
  const [name = '', ...path] = pathOf(text);
  return (scope) => follow(variable(scope, name), path);
}

function variable({ document, variables }: Scope, name: string): unknown {
  if (Object.hasOwn(variables, name)) return variables[name];
  if (name === 'ROOT' || name === 'CURRENT') return document;
  if (name === 'REMOVE') return undefined;
  throw new CommandError(17276, 'Location17276', `Use of undefined variable: ${name}`);
}

/** The value of a path in an expression: through an array, it is the array of what its documents have. */
function follow(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (isDocument(value)) return follow(own(value, name), rest);
  if (!Array.isArray(value)) return undefined;
  return value.map((element) => follow(element, path)).filter((element) => element !== undefined);
}

function compileDocument(fields: readonly (readonly [string, unknown])[]): Evaluate {
  const compiled = fields.map(([name, value]) => [name, compileExpression(value)] as const);
  return (scope) => {
    const out: MutableDocument = {};
    for (const [name, evaluate] of compiled) {
      const value = evaluate(scope);
      if (value !== undefined) out[name] = value;
    }
    return out;
  };
}

function compileOperator(name: string, operand: unknown): Evaluate {
  const form = ALL_FORMS[name];
  if (form !== undefined) return form(operand, compileExpression);
  const operator = OPERATORS[name];
  if (operator === undefined) {
    throw new CommandError(
      168,
      'InvalidPipelineOperator',
      `Unrecognized expression '${name}' (by the test double)`,
    );
  }
  const operands = (Array.isArray(operand) ? operand : [operand]).map(compileExpression);
  return (scope) => operator(operands.map((evaluate) => evaluate(scope)));
}
