import { OpenBankError } from '@openbank/client';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../exit-code.ts';
import { exitCodeOf, failureLines, problemOf } from './say-failure.ts';

interface Failure {
  readonly code: string;
  readonly status: number;
  readonly outcomeUnknown?: boolean;
}

function failure({ code, status, outcomeUnknown = false }: Failure): OpenBankError {
  const errors = [{ field: 'amount', message: 'is too much' }];
  const said = { code, status, detail: `It is ${code}.`, errors };
  return new OpenBankError(said, { key: 'key-1', outcomeUnknown });
}

describe('a failure', () => {
  it('is said in the words of the bank, with each wrong field', () => {
    expect(failureLines(failure({ code: 'insufficient-funds', status: 422 }))).toEqual([
      'openbank: It is insufficient-funds.',
      '  amount is too much',
    ]);
  });

  it('of what is malformed names what was typed', () => {
    const nameOf = (field: string): string => `--${field}`;
    expect(failureLines(failure({ code: 'malformed', status: 400 }), { nameOf })).toEqual([
      'openbank: --amount is too much.',
    ]);
  });

  it('names a key to scripts where its outcome is unknown, or where the caller gave one', () => {
    const refused = failure({ code: 'insufficient-funds', status: 422 });
    expect(JSON.parse(JSON.stringify(problemOf(refused, undefined)))).not.toHaveProperty('key');
    expect(problemOf(refused, 'key-1')).toMatchObject({ key: 'key-1', outcome_unknown: false });
    const doubtful = failure({ code: 'no-answer', status: 0, outcomeUnknown: true });
    expect(problemOf(doubtful, undefined)).toMatchObject({ key: 'key-1', outcome_unknown: true });
  });

  it.each([
    ['no-answer', 0, './openbank start'],
    ['not-a-problem', 502, '--url'],
    ['unauthenticated', 401, 'OPENBANK_TOKEN'],
  ])('of %s says what to do', (code, status, advice) => {
    expect(failureLines(failure({ code, status })).join('\n')).toContain(advice);
  });

  it('that leaves open whether it was done says how to find out', () => {
    const error = failure({ code: 'no-answer', status: 0, outcomeUnknown: true });
    expect(failureLines(error).at(-1)).toContain('--key key-1');
    expect(exitCodeOf(error)).toBe(EXIT.unknown);
  });

  it('that leaves it open of a command whose writes have keys of their own asks for the same command', () => {
    const error = failure({ code: 'no-answer', status: 0, outcomeUnknown: true });
    const last = failureLines(error, { ownKeys: true }).at(-1);
    expect(last).toContain('Give the same command again');
    expect(last).not.toContain('--key');
  });

  it.each([
    ['malformed', 400, EXIT.usage],
    ['insufficient-funds', 422, EXIT.failed],
    ['no-answer', 0, EXIT.notRunning],
    ['overloaded', 503, EXIT.failed],
  ])('of %s has an exit code that scripts can tell', (code, status, expected) => {
    expect(exitCodeOf(failure({ code, status }))).toBe(expected);
  });
});
