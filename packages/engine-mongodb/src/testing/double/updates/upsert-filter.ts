import { CommandError } from '../command-error.ts';
import { type Document, isDocument } from '../values/document.ts';

/**
 * Refuses a filter with `$expr`, at any depth: whether it finds something, an upsert may not ask. Source: the server's
 * `parsed_update_base.cpp`.
 */
export function assertUpsertFilter(filter: Document): void {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$expr') {
      throw new CommandError(
        224,
        'QueryFeatureNotAllowed',
        '$expr is not allowed in the query predicate for an upsert',
      );
    }
    if (['$and', '$or', '$nor'].includes(name) && Array.isArray(operand)) {
      operand.filter(isDocument).forEach(assertUpsertFilter);
    }
  }
}
