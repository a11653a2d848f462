import { GENDERS, type Gender, MAX_ADDRESS_LINE_LENGTH, MAX_NAME_LENGTH } from '@openbank/bank';
import { type Static, Type } from 'typebox';
import { closed, Id, Nullable, Text, Time } from './common.ts';

const Country = (description: string) =>
  Type.String({
    pattern: '^[A-Z]{2}$',
    description: `${description} ISO 3166-1 alpha-2.`,
    examples: ['US'],
    'x-must': 'be a country code of two capitals, such as US',
  });

const addressLines = {
  street_name: Text(MAX_ADDRESS_LINE_LENGTH, 'Name of the street.', 'Main Street'),
  street_number: Text(MAX_ADDRESS_LINE_LENGTH, 'Number in the street.', '12a'),
  zip_code: Text(MAX_ADDRESS_LINE_LENGTH, 'Postal code.', '62704'),
  city: Text(MAX_ADDRESS_LINE_LENGTH, 'City.', 'Springfield'),
};

const AddressIn = Type.Object(
  {
    ...addressLines,
    state: Type.Optional(
      Nullable(Text(MAX_ADDRESS_LINE_LENGTH, 'State or province, where the country has them.', 'IL')),
    ),
    country: Text(MAX_ADDRESS_LINE_LENGTH, 'Country.', 'US'),
  },
  closed,
);

export type AddressBody = Static<typeof AddressIn>;

const details = {
  first_name: Text(MAX_NAME_LENGTH, 'First name.', 'Alice'),
  last_name: Text(MAX_NAME_LENGTH, 'Last name.', 'Smith'),
  date_of_birth: Type.String({
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
    description: 'Day of birth, YYYY-MM-DD.',
    examples: ['1990-05-15'],
    'x-must': 'be a day of the calendar, YYYY-MM-DD',
  }),
  nationality: Country('Nationality.'),
  gender: Type.Unsafe<Gender>({
    type: 'string',
    enum: [...GENDERS],
    examples: ['FEMALE'],
    'x-must': 'be MALE, FEMALE or OTHER',
  }),
};

export const PersonIn = Type.Object({ ...details, address: Type.Optional(Nullable(AddressIn)) }, closed);

/** What is to be other than it was: at least one of them. */
export const CorrectionIn = Type.Object(
  {
    first_name: Type.Optional(details.first_name),
    last_name: Type.Optional(details.last_name),
    date_of_birth: Type.Optional(details.date_of_birth),
    nationality: Type.Optional(details.nationality),
    gender: Type.Optional(details.gender),
    address: Type.Optional(
      Nullable({ ...AddressIn, description: 'Replaces the whole address; null removes it.' }),
    ),
  },
  { ...closed, minProperties: 1, 'x-must': 'be a JSON object with a field to change' },
);

const shown = {
  id: Id('Id of the person.'),
  first_name: Type.String({ examples: ['Alice'] }),
  last_name: Type.String({ examples: ['Smith'] }),
  date_of_birth: Type.String({ examples: ['1990-05-15'] }),
  nationality: Type.String({ examples: ['US'] }),
  gender: Type.String({ examples: ['FEMALE'] }),
  address: Nullable(
    Type.Object({
      street_name: Type.String({ examples: ['Main Street'] }),
      street_number: Type.String({ examples: ['12a'] }),
      zip_code: Type.String({ examples: ['62704'] }),
      city: Type.String({ examples: ['Springfield'] }),
      state: Nullable(Type.String({ examples: ['IL'] })),
      country: Type.String({ examples: ['US'] }),
    }),
  ),
};
const last_modified = Time('When it last changed.');

/** An erased person keeps its id and times; every detail is `erased`, and the address null. */
export const PersonOut = Type.Object(
  { ...shown, created_at: Time('When the person was registered.'), last_modified },
  { $id: 'Person' },
);

/** As a correction answers it: without when it was registered, which is no part of what was written. */
export const PersonCorrected = Type.Object({ ...shown, last_modified }, { $id: 'PersonCorrected' });
