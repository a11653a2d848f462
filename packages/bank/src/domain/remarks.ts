import type { Remarks } from './movement.ts';
import type { FieldProblem } from './refusal.ts';
import { MAX_DESCRIPTION_LENGTH, MAX_REFERENCE_LENGTH, nameProblem, textProblem } from './text-rules.ts';
import { isDay } from './time.ts';
import type { Metadata } from './transaction.ts';

/** Members of `metadata`, and characters of their names and values. */
export const MAX_METADATA_MEMBERS = 20;
export const MAX_METADATA_NAME_LENGTH = 40;
export const MAX_METADATA_VALUE_LENGTH = 200;

/** Every remark that is wrong in itself. */
export function remarksProblems(remarks: Remarks): readonly FieldProblem[] {
  const { description, reference, metadata, valueDate } = remarks;
  const problems = [
    typeof description === 'string' && textProblem('description', description, MAX_DESCRIPTION_LENGTH),
    referenceProblem(reference),
    metadata && metadataProblem(metadata),
    typeof valueDate === 'string' &&
      !isDay(valueDate) && { field: 'value_date', message: 'must be a real day, YYYY-MM-DD' },
  ];
  return problems.filter((problem) => typeof problem === 'object' && problem !== null);
}

/** What is wrong with a caller's own name for something; undefined where nothing is, or where there is none. */
export function referenceProblem(reference: string | null | undefined): FieldProblem | undefined {
  return typeof reference === 'string'
    ? nameProblem('reference', reference, MAX_REFERENCE_LENGTH)
    : undefined;
}

function metadataProblem(metadata: Metadata): FieldProblem | undefined {
  const field = 'metadata';
  const members = Object.entries(metadata);
  if (members.length > MAX_METADATA_MEMBERS)
    return { field, message: `must not have more than ${MAX_METADATA_MEMBERS} members` };
  for (const [name, value] of members) {
    const problem =
      nameProblem(field, name, MAX_METADATA_NAME_LENGTH) ??
      textProblem(field, value, MAX_METADATA_VALUE_LENGTH);
    if (problem !== undefined) return { field, message: `${problem.message} (in a name or a value)` };
  }
  return undefined;
}
