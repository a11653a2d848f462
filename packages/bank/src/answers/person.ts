import { ERASED } from '@openbank/eventsourcing';
import { type PersonalDetails, personalDetails } from '../domain/personal-details.ts';
import { rfc3339 } from '../domain/time.ts';

/** A person as writes and reads answer it. Every detail of an erased person is `erased`, the address null. */
export interface PersonAnswer {
  readonly id: string;
  readonly first_name: string;
  readonly last_name: string;
  /** `YYYY-MM-DD` */
  readonly date_of_birth: string;
  readonly nationality: string;
  readonly gender: PersonalDetails['gender'] | typeof ERASED;
  readonly address: PersonalDetails['address'];
  /** RFC 3339, to the microsecond. */
  readonly created_at: string;
  /** When what is shown here last changed. */
  readonly last_modified: string;
}

/** What a correction answers: when the person was registered is not in its own event. */
export type CorrectedPersonAnswer = Omit<PersonAnswer, 'created_at'>;

/** When the person was registered and last changed, in microseconds since 1970. */
export interface PersonTimes {
  readonly createdAt: number;
  readonly lastModified: number;
}

/** @param plain - `PersonalDetails` as they were sealed, or `erased` */
export function personAnswer(id: string, plain: unknown, times: PersonTimes): PersonAnswer {
  return {
    id,
    ...shownDetails(plain),
    created_at: rfc3339(times.createdAt),
    last_modified: rfc3339(times.lastModified),
  };
}

/**
 * @param plain - `PersonalDetails` as they were sealed
 * @param changedAt - microseconds since 1970
 */
export function correctedPersonAnswer(id: string, plain: unknown, changedAt: number): CorrectedPersonAnswer {
  return { id, ...shownDetails(plain), last_modified: rfc3339(changedAt) };
}

function shownDetails(plain: unknown) {
  const details = plain === ERASED ? ERASED_DETAILS : personalDetails(plain);
  const { first_name, last_name, date_of_birth, nationality, gender, address } = details;
  return { first_name, last_name, date_of_birth, nationality, gender, address };
}

/**
 * What an account calls its owner.
 *
 * @param plain - `PersonalDetails` as they were sealed, or `erased`
 */
export function fullName(plain: unknown): string {
  if (plain === ERASED) return ERASED;
  const { first_name, last_name } = personalDetails(plain);
  return `${first_name} ${last_name}`;
}

const ERASED_DETAILS = {
  first_name: ERASED,
  last_name: ERASED,
  date_of_birth: ERASED,
  nationality: ERASED,
  gender: ERASED,
  address: null,
} as const;
