import {
  type Aggregate,
  type AggregateRef,
  type DomainEvent,
  type Personal,
  type Sealed,
  stateCodec,
} from '@openbank/eventsourcing';
import type { PersonalDetails } from './personal-details.ts';
import { personNotFound, Refusal } from './refusal.ts';

/** All that it says is personal, so its data is empty: see `PersonalDetails` for what `personal` holds. */
export interface PersonRegisteredDomainEventV1
  extends DomainEvent<'PersonRegisteredDomainEventV1', Readonly<Record<string, never>>> {
  readonly personal: Personal | Sealed;
}

/** An account was opened for the person, in the same commit: opening and erasing cannot cross. */
export type PersonAccountOpenedDomainEventV1 = DomainEvent<
  'PersonAccountOpenedDomainEventV1',
  {
    readonly account_id: string;
    /** How many accounts of the person are open, this one included. */
    readonly accounts: number;
  }
>;

/** An account of the person was closed, in the same commit. */
export type PersonAccountClosedDomainEventV1 = DomainEvent<
  'PersonAccountClosedDomainEventV1',
  {
    readonly account_id: string;
    /** How many accounts of the person are still open. */
    readonly accounts: number;
  }
>;

/** What is known of the person was wrong or has changed: `personal` holds all of it as it is now. */
export interface PersonCorrectedDomainEventV1
  extends DomainEvent<'PersonCorrectedDomainEventV1', Readonly<Record<string, never>>> {
  readonly personal: Personal | Sealed;
}

export type PersonEvent =
  | PersonRegisteredDomainEventV1
  | PersonCorrectedDomainEventV1
  | PersonAccountOpenedDomainEventV1
  | PersonAccountClosedDomainEventV1;

export type PersonState =
  | { readonly registered: false }
  | {
      readonly registered: true;
      /** Sealed, for as long as it is state. */
      readonly personal: Personal | Sealed;
      readonly openAccounts: number;
    };

/** Raise the version when the fold changes: `golden-states.test.ts` says when. */
const personCodec = stateCodec({
  version: 1,
  fields: { subject: 'text', event: 'text', cipher: 'text', openAccounts: 'integer' },
  encode(state: PersonState) {
    if (!state.registered || !('cipher' in state.personal))
      throw new Error('There is nothing to keep of a person whose data is not sealed.');
    const { subject, event, cipher } = state.personal;
    return { subject, event, cipher, openAccounts: BigInt(state.openAccounts) };
  },
  decode: ({ openAccounts, ...personal }) => ({
    registered: true,
    personal,
    openAccounts: Number(openAccounts),
  }),
});

export const personAggregate: Aggregate<PersonState, PersonEvent> = {
  type: 'Person',
  streamPrefix: 'person-',
  eventTypes: [
    'PersonRegisteredDomainEventV1',
    'PersonCorrectedDomainEventV1',
    'PersonAccountOpenedDomainEventV1',
    'PersonAccountClosedDomainEventV1',
  ],
  snapshots: personCodec,
  initialState: { registered: false },
  evolve: evolvePerson,
};

/** @param id - 32 hex digits */
export function person(id: string): AggregateRef<PersonState, PersonEvent> {
  return { aggregate: personAggregate, id };
}

export interface Registration {
  readonly personId: string;
  readonly details: PersonalDetails;
  /** The day on which it was asked for, `YYYY-MM-DD`. */
  readonly today: string;
}

/** @throws Refusal `birth-date-in-future` */
export function registerPerson(
  state: PersonState,
  { personId, details, today }: Registration,
): readonly [PersonRegisteredDomainEventV1] {
  if (state.registered) {
    throw new Refusal('rule', 'person-already-registered', 'This person is registered: correct it instead.');
  }
  if (details.date_of_birth > today) throw birthDateInFuture();
  return [
    { type: 'PersonRegisteredDomainEventV1', data: {}, personal: { subject: personId, plain: details } },
  ];
}

/**
 * The owner's half of opening an account.
 *
 * @throws Refusal `person-not-found`
 */
export function ownAccount(
  owner: PersonState,
  accountId: string,
): readonly [PersonAccountOpenedDomainEventV1] {
  if (!owner.registered) throw personNotFound('owner_id');
  return [
    {
      type: 'PersonAccountOpenedDomainEventV1',
      data: { account_id: accountId, accounts: owner.openAccounts + 1 },
    },
  ];
}

/**
 * The owner's half of closing an account.
 *
 * @throws Refusal `person-not-found`
 */
export function disownAccount(
  owner: PersonState,
  accountId: string,
): readonly [PersonAccountClosedDomainEventV1] {
  if (!owner.registered) throw personNotFound();
  const data = { account_id: accountId, accounts: owner.openAccounts - 1 };
  return [{ type: 'PersonAccountClosedDomainEventV1', data }];
}

export interface Correction {
  readonly personId: string;
  /** What is to be other than it was; an address is replaced as a whole. */
  readonly changes: Partial<PersonalDetails>;
  /** The day on which it was asked for, `YYYY-MM-DD`. */
  readonly today: string;
}

/**
 * @param open - opens what is sealed
 * @throws Refusal `person-not-found`, `birth-date-in-future`
 */
export function correctPerson(
  state: PersonState,
  { personId, changes, today }: Correction,
  open: (personal: Personal | Sealed) => PersonalDetails,
): readonly [PersonCorrectedDomainEventV1] {
  if (!state.registered) throw personNotFound();
  const details: PersonalDetails = { ...open(state.personal), ...changes };
  if (details.date_of_birth > today) throw birthDateInFuture();
  return [
    { type: 'PersonCorrectedDomainEventV1', data: {}, personal: { subject: personId, plain: details } },
  ];
}

function evolvePerson(state: PersonState, event: PersonEvent): PersonState {
  if (event.type === 'PersonRegisteredDomainEventV1')
    return { registered: true, personal: event.personal, openAccounts: 0 };
  if (!state.registered) throw new Error(`A ${event.type} was recorded before the person's registration.`);
  switch (event.type) {
    case 'PersonCorrectedDomainEventV1':
      return { ...state, personal: event.personal };
    case 'PersonAccountOpenedDomainEventV1':
    case 'PersonAccountClosedDomainEventV1':
      return { ...state, openAccounts: event.data.accounts };
    default:
      return event satisfies never;
  }
}

function birthDateInFuture(): Refusal {
  const problem = { field: 'date_of_birth', message: 'must not be after today' };
  return new Refusal(
    'rule',
    'birth-date-in-future',
    'Nobody is a customer before birth: check date_of_birth.',
    [problem],
  );
}

export function isPersonRegistered(event: DomainEvent): event is PersonRegisteredDomainEventV1 {
  return event.type === 'PersonRegisteredDomainEventV1';
}

export function isPersonCorrected(event: DomainEvent): event is PersonCorrectedDomainEventV1 {
  return event.type === 'PersonCorrectedDomainEventV1';
}

export function isAccountOpened(event: DomainEvent): event is PersonAccountOpenedDomainEventV1 {
  return event.type === 'PersonAccountOpenedDomainEventV1';
}
