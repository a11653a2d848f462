import { Option } from 'commander';
import { ConfigError } from '../../config.ts';

export interface AddressFlags {
  readonly streetName?: string;
  readonly streetNumber?: string;
  readonly zipCode?: string;
  readonly city?: string;
  readonly state?: string;
  readonly country?: string;
}

export const ADDRESS_OPTIONS: readonly Option[] = [
  new Option('--street-name <name>', 'address: street'),
  new Option('--street-number <number>', 'address: number in the street'),
  new Option('--zip-code <code>', 'address: postal code'),
  new Option('--city <name>', 'address: city'),
  new Option('--state <name>', 'address: state or province, where the country has them'),
  new Option('--country <code>', 'address: country'),
];

/** An address is given whole or not at all. @throws ConfigError - a part is missing */
export function addressOf({ streetName, streetNumber, zipCode, city, state, country }: AddressFlags) {
  const whole = { street_name: streetName, street_number: streetNumber, zip_code: zipCode, city, country };
  if ([...Object.values(whole), state].every((part) => part === undefined)) return undefined;
  if (!isWhole(whole)) throw new ConfigError([WHOLE_OR_NONE]);
  return { ...whole, state: state ?? null };
}

const WHOLE_OR_NONE =
  'An address needs --street-name, --street-number, --zip-code, --city and --country: give all of them, or none.';

function isWhole<Parts extends Readonly<Record<string, string | undefined>>>(
  parts: Parts,
): parts is Parts & Record<keyof Parts, string> {
  return Object.values(parts).every((part) => part !== undefined);
}
