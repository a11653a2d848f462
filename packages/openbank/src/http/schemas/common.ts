import { MAX_REFERENCE_LENGTH } from '@openbank/bank';
import { type Static, type TSchema, Type } from 'typebox';

// `x-must`: what a schema wants, in words that complete "must ...": error messages are made from it.

/** Id of a person, an account or a transaction. */
export const Id = (description: string) =>
  Type.String({
    pattern: '^[0-9a-f]{32}$',
    description,
    examples: ['0199f1c64b7d7c3a9f0e2d5b8a6c4e10'],
    'x-must': 'be an id of 32 hex digits in lower case, as the API gave it',
  });

/**
 * Money on its way in: a string or a JSON number. Only its form is judged here; how many digits it may have depends on
 * the currency, which the domain knows.
 */
export const MoneyIn = (description: string, example: string) =>
  Type.Unsafe<string | number>({
    type: ['string', 'number'],
    pattern: '^[0-9]+(\\.[0-9]+)?$',
    minimum: 0,
    description: `${description} A string of digits with a decimal point, or a JSON number that carries it exactly.`,
    examples: [example, Number(example)],
    'x-must': `be an amount without sign or exponent, such as "${example}" or ${Number(example)}`,
  });

/** Money on its way out: all the digits of its currency. */
export const MoneyOut = (description: string, example = '1000.00') =>
  Type.String({ pattern: '^-?[0-9]+(\\.[0-9]+)?$', description, examples: [example] });

export const Time = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2025-11-24T21:55:10.123456Z'] });

/** A day of the calendar. The domain refuses days that there are not. */
export const Day = (description: string) =>
  Type.String({
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
    description,
    examples: ['2025-11-24'],
    'x-must': 'be a real day, YYYY-MM-DD',
  });

/** A caller's own name for something. */
export const Reference = (description: string, example: string) =>
  Type.String({
    minLength: 1,
    maxLength: MAX_REFERENCE_LENGTH,
    description: `${description} It is kept in the clear: no personal data.`,
    examples: [example],
    'x-must': `be text of 1 to ${MAX_REFERENCE_LENGTH} characters`,
  });

/** Text that people read. The domain refuses control characters in it. */
export const Text = (maxLength: number, description: string, example: string) =>
  Type.String({
    minLength: 1,
    maxLength,
    description,
    examples: [example],
    'x-must': `be text of 1 to ${maxLength} characters`,
  });

/**
 * A schema that takes null too. As one schema of two types, not as a choice of two: that is judged and written faster,
 * and what is wrong with a value is said once.
 */
export const Nullable = <Schema extends TSchema & { readonly type: string }>(schema: Schema) =>
  Type.Unsafe<Static<Schema> | null>({ ...schema, type: [schema.type, 'null'] });

/** Objects refuse fields that they do not know. */
export const closed = { additionalProperties: false, 'x-must': 'be a JSON object' } as const;
