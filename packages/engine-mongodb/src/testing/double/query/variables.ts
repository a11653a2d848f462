import { isTrue } from '../values/document.ts';

/** What `$$name` stands for, without the dollars: `NOW`, what a command's `let` names, and what operators bind. */
export type Variables = Readonly<Record<string, unknown>>;

/** What an expression is evaluated on. */
export interface Scope {
  readonly document: unknown;
  readonly variables: Variables;
}

/** An expression, ready to be evaluated. `undefined` is a missing value. */
export type Evaluate = (scope: Scope) => unknown;

/** Whether an expression's result counts as true. */
export function isTrueResult(value: unknown): boolean {
  return isTrue(value);
}
