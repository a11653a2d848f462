import type { Dice } from './dice.ts';
import { FIRST_NAMES, HOMES, type Home, LAST_NAMES, STREETS } from './names.ts';

/** How large a demo is, and which one of all. */
export interface DemoSize {
  readonly persons: number;
  /** Accounts of each. */
  readonly accounts: number;
  readonly months: number;
  /** The same word makes the same demo. */
  readonly seed: string;
}

/** Somebody of the demo, by number from 0: the same whatever the size of the demo. */
export interface DemoPerson {
  readonly number: number;
  readonly home: Home;
  readonly body: {
    readonly first_name: string;
    readonly last_name: string;
    readonly date_of_birth: string;
    readonly nationality: string;
    readonly gender: keyof typeof FIRST_NAMES;
    readonly address: {
      readonly street_name: string;
      readonly street_number: string;
      readonly zip_code: string;
      readonly city: string;
      readonly state: string | null;
      readonly country: string;
    };
  };
}

const GENDERS = ['FEMALE', 'FEMALE', 'FEMALE', 'MALE', 'MALE', 'MALE', 'OTHER'] as const;

export function demoPerson(number: number, dice: Dice): DemoPerson {
  const home = homeOf(number);
  const { city, zip_code, state, country } = home;
  const gender = dice.pick(GENDERS, 'gender', number);
  const [year, month, day] = [
    dice.between(1950, 2005, 'year', number),
    dice.between(1, 12, 'month', number),
    dice.between(1, 28, 'day', number),
  ];
  return {
    number,
    home,
    body: {
      first_name: dice.pick(FIRST_NAMES[gender], 'first name', number),
      last_name: dice.pick(LAST_NAMES, 'last name', number),
      date_of_birth: `${year}-${twoDigits(month)}-${twoDigits(day)}`,
      nationality: country,
      gender,
      address: {
        street_name: dice.pick(STREETS, 'street', number),
        street_number: String(dice.between(1, 99, 'street number', number)),
        ...{ zip_code, city, state, country },
      },
    },
  };
}

/** In turn, so that there are always others with the same money. */
function homeOf(number: number): Home {
  const home = HOMES[number % HOMES.length];
  if (home === undefined) throw new Error('There are no homes.');
  return home;
}

/** Somebody of a smaller number with the same money; undefined for the first of them. */
export function friendOf(number: number, dice: Dice, month: string): number | undefined {
  const friends = Math.floor(number / HOMES.length);
  if (friends === 0) return undefined;
  return (number % HOMES.length) + HOMES.length * dice.between(0, friends - 1, 'friend', number, month);
}

export function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
