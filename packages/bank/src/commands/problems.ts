import { amountProblem } from '../domain/money.ts';
import { type FieldProblem, malformed } from '../domain/refusal.ts';

/** What is wrong with an amount in itself, if anything: see `readDecimal`. */
export function amountProblems(field: string, amount: string | number): readonly FieldProblem[] {
  const message = amountProblem(amount);
  return message === undefined ? [] : [{ field, message }];
}

/** @throws Refusal `malformed` - with every field that is wrong in itself */
export function refuseProblems(problems: readonly FieldProblem[]): void {
  if (problems.length > 0) throw malformed(...problems);
}
