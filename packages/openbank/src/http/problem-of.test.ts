import { type ErrorCode, EventSourcingError } from '@openbank/eventsourcing';
import { expect, it } from 'vitest';
import { problemOf } from './problem-of.ts';

it.each<ErrorCode>(['store-damaged', 'unknown-event-type'])(
  'a history that cannot be read, %s, is for the operator: later, and without its insides',
  (code) => {
    const problem = problemOf(new EventSourcingError(code, 'bank-account-7@1 at position 12'));
    expect(problem).toMatchObject({
      status: 503,
      code: 'store-unavailable',
      extras: { headers: { 'Retry-After': '30' } },
    });
    expect(JSON.stringify(problem?.toProblem())).not.toContain('bank-account-7');
  },
);

it('a store that is set up wrongly is for the operator too, and nothing was recorded', () => {
  const error = new EventSourcingError('store-misconfigured', 'does not let user ann append');
  const problem = problemOf(error);
  expect(problem).toMatchObject({
    status: 503,
    code: 'store-unavailable',
    extras: { headers: { 'Retry-After': '30' } },
  });
  expect(JSON.stringify(problem?.toProblem())).toContain('nothing was recorded');
  expect(JSON.stringify(problem?.toProblem())).not.toContain('user ann');
});

it('a clock that is behind the log is for the operator: nothing was recorded, and nothing was too large', () => {
  const problem = problemOf(new EventSourcingError('time-refused', 'not later than 1790000000000000'));
  expect(problem).toMatchObject({ status: 503, code: 'store-unavailable' });
  expect(JSON.stringify(problem?.toProblem())).toContain('nothing was recorded');
});
