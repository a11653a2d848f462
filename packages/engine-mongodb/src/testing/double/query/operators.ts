import type { Evaluate } from './variables.ts';

/** An operator of expressions whose arguments are evaluated first. */
export type Operator = (values: readonly unknown[]) => unknown;

/** An operator that decides itself what is evaluated: with names, conditions or variables of its own. */
export type Form = (operand: unknown, compile: (expression: unknown) => Evaluate) => Evaluate;
