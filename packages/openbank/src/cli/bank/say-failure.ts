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

/** Says what the bank, or nobody, answered: in words, and what to do about it. */
export function failureLines(error: OpenBankError): readonly string[] {
  const { code, detail, errors, instance } = error;
  const lines = [
    `openbank: ${detail}`,
    // The detail of what is malformed names each field already.
    ...(code === 'malformed' ? [] : errors.map(({ field, message }) => `  ${field} ${message}`)),
    ...(instance === undefined ? [] : [`In the log of the bank it is ${instance}.`]),
    ...(ADVICE[code] === undefined ? [] : [ADVICE[code]]),
    ...unknownOutcome(error),
  ];
  return lines.map(printable);
}

function unknownOutcome({ outcomeUnknown, key }: OpenBankError): readonly string[] {
  if (!outcomeUnknown) return [];
  return [
    `It may have been done all the same. Give the same command again with --key ${key}: then it is done once, and its answer tells.`,
  ];
}

/** A script that repeats a command needs to know whether it may have been done. */
export function exitCodeOf({ outcomeUnknown, code, status }: OpenBankError): ExitCode {
  if (outcomeUnknown) return EXIT.unknown;
  if (code === 'no-answer') return EXIT.notRunning;
  return status === 400 ? EXIT.usage : EXIT.failed;
}
