import { CommandError } from '../command-error.ts';
import { isWriteConflict } from '../sessions/transactions.ts';
import type { Document } from '../values/document.ts';

/**
 * Runs the statements of one command. Ordered ones stop at the first that is refused; unordered ones go on. What was
 * done stays done. Source: manual, "Bulk Write Operations".
 */
export function runStatements<T>(
  statements: readonly T[],
  ordered: boolean,
  run: (statement: T, index: number) => void,
): readonly Document[] {
  const errors: Document[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof CommandError) || isWriteConflict(error)) throw error;
      errors.push({ index, code: error.code, ...error.details, errmsg: error.message });
      if (ordered) break;
    }
  }
  return errors;
}

export function withErrors(answer: Document, writeErrors: readonly Document[]): Document {
  return writeErrors.length === 0 ? answer : { ...answer, writeErrors };
}
