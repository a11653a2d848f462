import { badValue, CommandError } from '../command-error.ts';
import { compareValues } from '../values/compare.ts';
import { isDocument } from '../values/document.ts';
import { identical } from '../values/identical.ts';
import { add, isNumeric, multiply, type Numeric } from '../values/numbers.ts';
import { ARRAY_UPDATES } from './array-operators.ts';
import type { FieldOperator } from './field-operator.ts';
import type { Become } from './set-path.ts';

const creating = (become: FieldOperator['become']): FieldOperator => ({ create: true, become });

/** Update operators by name; `$rename` and `$setOnInsert` stand apart. */
export const FIELD_OPERATORS: Readonly<Record<string, FieldOperator>> = {
  $set: creating((operand) => (old) => (old !== undefined && identical(old, operand) ? old : operand)),
  $unset: { create: false, become: () => () => undefined },
  $inc: creating((operand, path) => arithmetic('$inc', operand, path, add, operand)),
  $mul: creating((operand, path) => arithmetic('$mul', operand, path, multiply, 0)),
  $min: creating(
    (operand) => (old) => (old !== undefined && compareValues(old, operand) <= 0 ? old : operand),
  ),
  $max: creating(
    (operand) => (old) => (old !== undefined && compareValues(old, operand) >= 0 ? old : operand),
  ),
  $currentDate: creating((operand, _path, now) => currentDate(operand, now)),
  ...ARRAY_UPDATES,
};

function arithmetic(
  operator: string,
  operand: unknown,
  path: string,
  combine: (a: Numeric, b: Numeric) => Numeric,
  missing: unknown,
): Become {
  if (!isNumeric(operand)) {
    throw new CommandError(
      14,
      'TypeMismatch',
      `Cannot ${operator} with non-numeric argument: {${path}: ${String(operand)}}`,
    );
  }
  return (old) => {
    if (old === undefined) return typeof operand === 'bigint' && missing === 0 ? 0n : missing;
    if (isNumeric(old)) return checked(combine(old, operand), old, operand);
    throw new CommandError(
      14,
      'TypeMismatch',
      `Cannot apply ${operator} to a value of non-numeric type. {${path}: ${String(old)}}`,
    );
  };
}

/** An int64 does not become a double: the update is refused. */
function checked(result: Numeric, a: Numeric, b: Numeric): Numeric {
  if (typeof result === 'number' && (typeof a === 'bigint' || typeof b === 'bigint')) {
    const whole = [a, b].every((one) => typeof one === 'bigint' || Number.isInteger(one));
    if (whole)
      throw badValue('Failed to apply $inc operations to current value: the result does not fit in 64 bits');
  }
  return result;
}

function currentDate(operand: unknown, now: Date): Become {
  if (operand === true || (isDocument(operand) && operand.$type === 'date')) return () => now;
  throw badValue('$currentDate: the test double knows dates only');
}
