import { amountProblem, parseDecimal } from '../domain/money.ts';
import type { Movement } from '../domain/movement.ts';
import { type FieldProblem, malformed } from '../domain/refusal.ts';
import { MAX_DESCRIPTION_LENGTH, textProblem } from '../domain/text-rules.ts';

/** What every command that moves money carries. */
export interface MovementCommand {
  /** A new one, 32 hex digits. */
  readonly transactionId: string;
  /** As it was sent: see `readDecimal`. The account's currency decides how many digits it may have. */
  readonly amount: string | number;
  readonly description: string | null;
}

/** @throws Refusal `malformed` - with every field that is wrong in itself */
export function validateMovement({ amount, description }: MovementCommand): void {
  const problems: FieldProblem[] = [];
  const problem = amountProblem(amount);
  if (problem) problems.push({ field: 'amount', message: problem });
  const text =
    description === null ? undefined : textProblem('description', description, MAX_DESCRIPTION_LENGTH);
  if (text) problems.push(text);
  if (problems.length > 0) throw malformed(...problems);
}

export function movementOf({ transactionId, amount, description }: MovementCommand): Movement {
  return { transactionId, amount: parseDecimal(amount, 'amount'), description };
}
