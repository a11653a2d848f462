import { given } from '@openbank/eventsourcing/given-when-then';
import { expect, test } from 'vitest';
import {
  ownAccount,
  type PersonAccountOpenedDomainEventV1,
  type PersonRegisteredDomainEventV1,
  type PersonState,
  personAggregate,
  registerPerson,
} from './person.ts';
import type { PersonalDetails } from './personal-details.ts';

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

test('nobody who is not registered owns an account', () => {
  given(personAggregate)
    .when((person) => ownAccount(person, 'a'))
    .thenRefused('person-not-found');
});

test('an account before its owner is a damaged history, not a refusal', () => {
  expect(() => personAggregate.evolve({ registered: false }, accountOpened('a', 1))).toThrow(/before/);
});
