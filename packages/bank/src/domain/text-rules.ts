import type { FieldProblem } from './refusal.ts';

/** Longest texts that are taken, in Unicode characters (code points), as JSON Schema counts. */
export const MAX_NAME_LENGTH = 100;
export const MAX_ADDRESS_LINE_LENGTH = 200;
export const MAX_DESCRIPTION_LENGTH = 500;
export const MAX_REFERENCE_LENGTH = 100;

/** No control characters (line feeds neither), which would forge lines wherever the text is shown. */
const CONTROL = /\p{Cc}/u;

/** What is wrong with a text that names something; undefined where nothing is. */
export function nameProblem(field: string, text: string, maxLength: number): FieldProblem | undefined {
  if (text.trim() === '') return { field, message: 'must not be blank' };
  return textProblem(field, text, maxLength);
}

/** What is wrong with a text that may be empty; undefined where nothing is. */
export function textProblem(field: string, text: string, maxLength: number): FieldProblem | undefined {
  if (isLonger(text, maxLength)) return { field, message: `must not be longer than ${maxLength} characters` };
  if (CONTROL.test(text)) return { field, message: 'must not contain control characters' };
  if (!text.isWellFormed()) return { field, message: 'must be whole Unicode characters' };
  return undefined;
}

function isLonger(text: string, maxLength: number): boolean {
  return text.length > maxLength && [...text].length > maxLength;
}
