import type { Schemas } from '@openbank/client';
import { Option } from 'commander';
import { ConfigError } from '../../config.ts';
import { bankCommand, commandGroup } from './bank-command.ts';
import { defined } from './defined.ts';
import { LIST_OPTIONS, type ListFlags, type Page, pageQuery, showPage } from './lists.ts';
import { ADDRESS_OPTIONS, type AddressFlags, addressOf } from './person-address.ts';
import { detailLines } from './table.ts';
import { writeCommand, writeParams } from './writes.ts';

type Person = Schemas['Person'];

interface DetailFlags extends AddressFlags {
  readonly firstName: string;
  readonly lastName: string;
  readonly dateOfBirth: string;
  readonly nationality: string;
  readonly gender: 'MALE' | 'FEMALE' | 'OTHER';
}

const detailOptions = (): readonly Option[] => [
  new Option('--first-name <name>', 'first name'),
  new Option('--last-name <name>', 'last name'),
  new Option('--date-of-birth <day>', 'YYYY-MM-DD'),
  new Option('--nationality <code>', 'ISO 3166, two letters'),
  new Option('--gender <gender>', 'MALE, FEMALE or OTHER').choices(['MALE', 'FEMALE', 'OTHER']),
];

/** As the API names them; those that were not typed are not sent. */
function detailsOf({ firstName, lastName, dateOfBirth, nationality, gender }: Partial<DetailFlags>) {
  return defined({
    first_name: firstName,
    last_name: lastName,
    date_of_birth: dateOfBirth,
    nationality,
    gender,
  });
}

const registerCommand = writeCommand<DetailFlags, Person>({
  usage: 'register',
  summary: 'make somebody known to the bank',
  options: [...detailOptions().map((option) => option.makeOptionMandatory()), ...ADDRESS_OPTIONS],
  examples: [
    'person register --first-name Alice --last-name Smith --date-of-birth 1990-05-15 --nationality US --gender FEMALE',
  ],
  call: (bank, { flags }) =>
    bank.post('/persons', {
      body: {
        first_name: flags.firstName,
        last_name: flags.lastName,
        date_of_birth: flags.dateOfBirth,
        nationality: flags.nationality,
        gender: flags.gender,
        ...defined({ address: addressOf(flags) }),
      },
      params: writeParams(flags),
    }),
  show: showPerson,
  id: ({ id }) => id,
});

const correctCommand = writeCommand<Partial<DetailFlags> & { readonly address?: false }, Corrected>({
  usage: 'correct <person-id>',
  summary: 'correct what is known of a person',
  options: [...detailOptions(), ...ADDRESS_OPTIONS, new Option('--no-address', 'forget the address')],
  notes: 'What is not given stays as it is. An address is given whole.',
  examples: ['person correct 0199f1c64b1f7a52b6a4d3c2e1f09876 --last-name Jones'],
  call: (bank, { args: [id = ''], flags }) => {
    const address = flags.address === false ? null : addressOf(flags);
    const body = { ...detailsOf(flags), ...defined({ address }) };
    if (Object.keys(body).length === 0) throw new ConfigError([NOTHING_CHANGES]);
    return bank.patch('/persons/{id}', { params: { ...writeParams(flags), path: { id } }, body });
  },
  show: showPerson,
  id: ({ id }) => id,
});

const NOTHING_CHANGES = 'Give at least one flag of what changes, such as --last-name.';

const showCommand = bankCommand<object, Person>({
  usage: 'show <person-id>',
  summary: 'show a person',
  examples: ['person show 0199f1c64b1f7a52b6a4d3c2e1f09876'],
  call: (bank, { args: [id = ''] }) => bank.get('/persons/{id}', { params: { path: { id } } }),
  show: showPerson,
});

const listCommand = bankCommand<ListFlags, Page<Person>>({
  usage: 'list',
  summary: 'list persons in the order of their registration',
  options: LIST_OPTIONS,
  examples: ['person list', 'person list --limit 200 --json'],
  call: (bank, { flags }) => bank.get('/persons', { params: { query: pageQuery(flags) } }),
  show: showPage<Person>([
    { head: 'PERSON', value: ({ id }) => id },
    { head: 'NAME', value: nameOf },
    { head: 'BORN', value: ({ date_of_birth }) => date_of_birth },
    { head: 'NATIONALITY', value: ({ nationality }) => nationality },
  ]),
});

export const personCommands = commandGroup('person', 'who can own accounts', [
  registerCommand,
  showCommand,
  listCommand,
  correctCommand,
]);

/** A correction is answered without the time of the registration. */
type Corrected = Omit<Person, 'created_at'> & { readonly created_at?: string };

function showPerson(person: Corrected): readonly string[] {
  const { address } = person;
  return detailLines({
    person: person.id,
    name: nameOf(person),
    'date of birth': person.date_of_birth,
    nationality: person.nationality,
    gender: person.gender,
    address: address === null ? null : addressLine(address),
    registered: person.created_at,
    'last modified': person.last_modified,
  });
}

function nameOf({ first_name, last_name }: Pick<Person, 'first_name' | 'last_name'>): string {
  return `${first_name} ${last_name}`;
}

function addressLine(address: NonNullable<Person['address']>): string {
  const { street_name, street_number, zip_code, city, state, country } = address;
  return [`${street_name} ${street_number}`, `${zip_code} ${city}`, state, country]
    .filter((part) => part !== null)
    .join(', ');
}
