import { given } from '@openbank/eventsourcing/given-when-then';
import { expect, test } from 'vitest';
import {
  correctPerson,
  disownAccount,
  ownAccount,
  type PersonAccountClosedDomainEventV1,
  type PersonAccountOpenedDomainEventV1,
  type PersonCorrectedDomainEventV1,
  type PersonRegisteredDomainEventV1,
  type PersonState,
  personAggregate,
  registerPerson,
} from './person.ts';
import { type PersonalDetails, personalDetails } from './personal-details.ts';

const personId = '0193f2a0c0007000800000000000a11c';
const details: PersonalDetails = {
  first_name: 'Alice',
  last_name: 'Smith',
  date_of_birth: '1990-05-15',
  nationality: 'US',
  gender: 'FEMALE',
  address: null,
};
const registered: PersonRegisteredDomainEventV1 = {
  type: 'PersonRegisteredDomainEventV1',
  data: {},
  personal: { subject: personId, plain: details },
};
const accountOpened = (account_id: string, accounts: number): PersonAccountOpenedDomainEventV1 => ({
  type: 'PersonAccountOpenedDomainEventV1',
  data: { account_id, accounts },
});
const accountClosed = (account_id: string, accounts: number): PersonAccountClosedDomainEventV1 => ({
  type: 'PersonAccountClosedDomainEventV1',
  data: { account_id, accounts },
});
const corrected = (changes: Partial<PersonalDetails>): PersonCorrectedDomainEventV1 => ({
  type: 'PersonCorrectedDomainEventV1',
  data: {},
  personal: { subject: personId, plain: { ...details, ...changes } },
});
const correct =
  (changes: Partial<PersonalDetails>, today = '2026-11-24') =>
  (state: PersonState) =>
    correctPerson(state, { personId, changes, today }, (personal) =>
      personalDetails('plain' in personal ? personal.plain : undefined),
    );
const register =
  (today: string, date_of_birth = details.date_of_birth) =>
  (state: PersonState) =>
    registerPerson(state, { personId, details: { ...details, date_of_birth }, today });

test('a registration keeps every detail, all of it as personal data', () => {
  given(personAggregate).when(register('2026-11-24')).then([registered]);
});

test('a person born today is registered, one born tomorrow is refused', () => {
  const born = (date_of_birth: string) => ({
    ...registered,
    personal: { subject: personId, plain: { ...details, date_of_birth } },
  });
  given(personAggregate)
    .when(register('2026-11-24', '2026-11-24'))
    .then([born('2026-11-24')]);
  given(personAggregate).when(register('2026-11-24', '2026-11-25')).thenRefused('birth-date-in-future');
});

test('a person is registered once', () => {
  given(personAggregate, [registered]).when(register('2026-11-24')).thenRefused('person-already-registered');
});

test('a person counts the accounts that are opened', () => {
  given(personAggregate, [registered])
    .when((person) => ownAccount(person, 'a'))
    .then([accountOpened('a', 1)]);
  given(personAggregate, [registered, accountOpened('a', 1)])
    .when((person) => ownAccount(person, 'b'))
    .then([accountOpened('b', 2)]);
});

test('a person counts the accounts that are closed', () => {
  given(personAggregate, [registered, accountOpened('a', 1), accountOpened('b', 2)])
    .when((person) => disownAccount(person, 'a'))
    .then([accountClosed('a', 1)]);
  given(personAggregate, [registered, accountOpened('a', 1), accountClosed('a', 0)])
    .when((person) => ownAccount(person, 'b'))
    .then([accountOpened('b', 1)]);
});

test('a correction keeps every detail: what is corrected, and the rest as it was', () => {
  given(personAggregate, [registered])
    .when(correct({ last_name: 'Jones' }))
    .then([corrected({ last_name: 'Jones' })]);
  given(personAggregate, [registered, accountOpened('a', 1), corrected({ last_name: 'Jones' })])
    .when(correct({ first_name: 'Alicia' }))
    .then([corrected({ first_name: 'Alicia', last_name: 'Jones' })]);
});

test('a correction keeps the count of accounts', () => {
  given(personAggregate, [registered, accountOpened('a', 1), corrected({ last_name: 'Jones' })])
    .when((person) => ownAccount(person, 'b'))
    .then([accountOpened('b', 2)]);
});

test('an address is corrected as a whole, or removed', () => {
  const address = {
    street_name: 'Main Street',
    street_number: '1a',
    zip_code: '02139',
    city: 'Cambridge',
    state: 'MA',
    country: 'US',
  };
  given(personAggregate, [registered])
    .when(correct({ address }))
    .then([corrected({ address })]);
  given(personAggregate, [registered, corrected({ address })])
    .when(correct({ address: null }))
    .then([corrected({ address: null })]);
});

test('nobody is corrected to be born tomorrow, nor is who is not registered', () => {
  given(personAggregate, [registered])
    .when(correct({ date_of_birth: '2026-11-24' }))
    .then([corrected({ date_of_birth: '2026-11-24' })]);
  given(personAggregate, [registered])
    .when(correct({ date_of_birth: '2026-11-25' }))
    .thenRefused('birth-date-in-future');
  given(personAggregate)
    .when(correct({ last_name: 'Jones' }))
    .thenRefused('person-not-found');
});

test('nobody who is not registered owns an account', () => {
  given(personAggregate)
    .when((person) => ownAccount(person, 'a'))
    .thenRefused('person-not-found');
});

test('an account before its owner is a damaged history, not a refusal', () => {
  expect(() => personAggregate.evolve({ registered: false }, accountOpened('a', 1))).toThrow(/before/);
});
