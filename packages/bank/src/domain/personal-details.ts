import { iso31661Alpha2ToAlpha3 } from 'iso-3166/1-a2-to-1-a3.js';
import type { FieldProblem } from './refusal.ts';
import { MAX_ADDRESS_LINE_LENGTH, MAX_NAME_LENGTH, nameProblem } from './text-rules.ts';
import { isDay } from './time.ts';

export const GENDERS = ['MALE', 'FEMALE', 'OTHER'] as const;
export type Gender = (typeof GENDERS)[number];

export interface Address {
  readonly street_name: string;
  readonly street_number: string;
  readonly zip_code: string;
  readonly city: string;
  /** Null where the country has none. */
  readonly state: string | null;
  readonly country: string;
}

/**
 * What is known of a person. All of it is personal: it is recorded only under the person's key. Named as in requests,
 * events and answers, so that there is one shape of it.
 */
export interface PersonalDetails {
  readonly first_name: string;
  readonly last_name: string;
  /** `YYYY-MM-DD` */
  readonly date_of_birth: string;
  /** ISO 3166-1 alpha-2, in capitals. */
  readonly nationality: string;
  readonly gender: Gender;
  readonly address: Address | null;
}

/**
 * Details that were sealed, as they come back. They are authenticated, so only their kind is looked at.
 *
 * @throws Error - something else was sealed: a fault of the program
 */
export function personalDetails(plain: unknown): PersonalDetails {
  if (isPersonalDetails(plain)) return plain;
  throw new Error('What was sealed of a person are no personal details.');
}

function isPersonalDetails(plain: unknown): plain is PersonalDetails {
  return typeof plain === 'object' && plain !== null && 'first_name' in plain && 'address' in plain;
}

/** Every field of the details, or of those that are given, that is wrong in itself. */
export function detailsProblems(details: Partial<PersonalDetails>): readonly FieldProblem[] {
  const { first_name, last_name, date_of_birth, nationality, gender, address } = details;
  const problems = [
    first_name !== undefined && nameProblem('first_name', first_name, MAX_NAME_LENGTH),
    last_name !== undefined && nameProblem('last_name', last_name, MAX_NAME_LENGTH),
    date_of_birth !== undefined &&
      !isDay(date_of_birth) && { field: 'date_of_birth', message: 'must be a real day, YYYY-MM-DD' },
    nationality !== undefined && !isCountry(nationality) && { field: 'nationality', message: NOT_A_COUNTRY },
    gender !== undefined &&
      !GENDERS.includes(gender) && { field: 'gender', message: `must be one of ${GENDERS.join(', ')}` },
    ...addressProblems(address ?? {}),
  ];
  return problems.filter((problem) => typeof problem === 'object');
}

function addressProblems(address: Partial<Address>): readonly (FieldProblem | undefined)[] {
  return Object.entries(address).map(([line, text]: [string, string | null]) =>
    text === null ? undefined : nameProblem(`address.${line}`, text, MAX_ADDRESS_LINE_LENGTH),
  );
}

const NOT_A_COUNTRY = 'must be a country code of ISO 3166 in two capitals, such as US';

function isCountry(code: string): boolean {
  return Object.hasOwn(iso31661Alpha2ToAlpha3, code);
}
