import type { Document } from '../values/document.ts';
import { isDocument } from '../values/document.ts';
import { keyString } from '../values/key-string.ts';

/** Whether a filter demands, word for word, every condition of a partial index. */
export function implies(filter: Document, condition: Document): boolean {
  const demanded = new Set(conjunction(filter));
  return conjunction(condition).every((part) => demanded.has(part));
}

function conjunction(filter: Document): readonly string[] {
  return Object.entries(filter).flatMap(([name, operand]) => {
    if (name === '$and' && Array.isArray(operand)) return operand.filter(isDocument).flatMap(conjunction);
    return [keyString([name, unwrapped(operand)])];
  });
}

function unwrapped(operand: unknown): unknown {
  return isDocument(operand) && '$eq' in operand && Object.keys(operand).length === 1 ? operand.$eq : operand;
}
