import type { OpenBankError } from '@openbank/client';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { printable } from './table.ts';

/** What people can do about it, where the bank does not know this command line. */
const ADVICE: Readonly<Record<string, string>> = {
  'no-answer': 'Does the bank run there? ./openbank status says so, and ./openbank start starts it.',
  'not-a-problem': 'What answers there is no OpenBank: look at --url (OPENBANK_URL).',
  unauthenticated: 'Set OPENBANK_TOKEN to the token that the bank was started with.',
  'host-not-allowed': 'Name the bank as localhost or 127.0.0.1 in --url (OPENBANK_URL).',
  'idempotency-key-reused': 'Give another --key for another call, or none.',
  'precondition-failed': 'Look at it again, and give --if-match its new revision.',
};

/** How a command that failed is repeated. */
export interface Repeating {
  /** Whether each of its writes has a key of its own, so that it is given again as it was, and takes no `--key`. */
  readonly ownKeys?: boolean;
  /** What a field of the request is called on the command line. */
  nameOf?(field: string): string;
}

/** Says what the bank, or nobody, answered: in words, and what to do about it. */
export function failureLines(error: OpenBankError, repeating: Repeating = {}): readonly string[] {
  const { code, detail, errors, instance } = error;
  const { ownKeys = false, nameOf = (field) => field } = repeating;
  const wrong = errors.map(({ field, message }) => `${nameOf(field)} ${message}`);
  const lines = [
    // The detail of what is malformed names the same fields as the API does.
    ...(code === 'malformed' && wrong.length > 0
      ? wrong.map((one) => `openbank: ${one}.`)
      : [`openbank: ${detail}`, ...wrong.map((one) => `  ${one}`)]),
    ...(instance === undefined ? [] : [`In the log of the bank it is ${instance}.`]),
    ...(ADVICE[code] === undefined ? [] : [ADVICE[code]]),
    ...(error.outcomeUnknown
      ? [`It may have been done all the same. ${ownKeys ? AS_IT_WAS : withKey(error)}`]
      : []),
  ];
  return lines.map(printable);
}

const AS_IT_WAS = 'Give the same command again: what was done is not done again.';

function withKey({ key }: OpenBankError): string {
  return `Give the same command again with --key ${key}: then it is done once, and its answer tells.`;
}

/** A script that repeats a command needs to know whether it may have been done. */
export function exitCodeOf({ outcomeUnknown, code, status }: OpenBankError): ExitCode {
  if (outcomeUnknown) return EXIT.unknown;
  if (code === 'no-answer') return EXIT.notRunning;
  return status === 400 ? EXIT.usage : EXIT.failed;
}

/**
 * The same for scripts, with the names of the API.
 *
 * @param named - the key that was typed; one that the client has made says nothing, unless the outcome is unknown
 */
export function problemOf(error: OpenBankError, named: string | undefined) {
  const { status, code, detail, errors, resource_id, instance, outcomeUnknown } = error;
  const key = outcomeUnknown ? error.key : named;
  return { status, code, detail, errors, resource_id, instance, key, outcome_unknown: outcomeUnknown };
}
