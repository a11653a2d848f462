import { CommandError, notInTheDouble } from '../command-error.ts';
import { documentOf, numberOf } from '../values/document.ts';
import type { Form } from './operators.ts';

/** Milliseconds of the units of constant length. Months, quarters and years are not in the double. */
const UNITS: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

export const DATES: Readonly<Record<string, Form>> = {
  $dateAdd: (operand, compile) => shifted(operand, compile, 1),
  $dateSubtract: (operand, compile) => shifted(operand, compile, -1),
  /** Counts the boundaries of units that are crossed. */
  $dateDiff: (operand, compile) => {
    const { startDate, endDate, unit } = documentOf(operand, '$dateDiff');
    const [start, end, length] = [compile(startDate), compile(endDate), compile(unit)];
    return (scope) => {
      const [from, to, size] = [start(scope), end(scope), unitOf(length(scope))];
      if (!(from instanceof Date && to instanceof Date)) return null;
      return BigInt(Math.floor(to.getTime() / size) - Math.floor(from.getTime() / size));
    };
  },
};

function shifted(operand: unknown, compile: Parameters<Form>[1], sign: number): ReturnType<Form> {
  const { startDate, unit, amount } = documentOf(operand, '$dateAdd');
  const [start, length, count] = [compile(startDate), compile(unit), compile(amount)];
  return (scope) => {
    const [date, size, times] = [start(scope), unitOf(length(scope)), numberOf(count(scope))];
    if (date === null || date === undefined || times === undefined) return null;
    if (!(date instanceof Date)) {
      throw new CommandError(5166403, 'Location5166403', 'startDate must evaluate to a date');
    }
    return new Date(date.getTime() + sign * size * times);
  };
}

function unitOf(unit: unknown): number {
  const size = typeof unit === 'string' ? UNITS[unit] : undefined;
  if (size === undefined) throw notInTheDouble(`the unit of time ${String(unit)}`);
  return size;
}
