import { expect, test } from 'vitest';
import { newId } from '../testing/test-bank.ts';
import { movementProblems } from './movement.ts';
import { refuseProblems } from './problems.ts';

const validateMovement = (movement: Parameters<typeof movementProblems>[0]) =>
  refuseProblems(movementProblems(movement));

const command = { transactionId: newId(), amount: 1000.0, description: 'Initial deposit' };

test.each([-5, '-5.00', '1e3', 'NaN', Number.NaN])('an amount of %s is malformed', (amount) => {
  expect(() => validateMovement({ ...command, amount })).toThrow(
    expect.objectContaining({ code: 'malformed', fields: [expect.objectContaining({ field: 'amount' })] }),
  );
});

test('a description is text of 500 characters at most', () => {
  for (const description of [null, '', 'x'.repeat(500), '🏠'.repeat(500), 'Miete für März, 家賃 🏠']) {
    expect(() => validateMovement({ ...command, description })).not.toThrow();
  }
  for (const description of ['x'.repeat(501), '🏠'.repeat(501), 'a\u0000b', 'a\ud83d']) {
    expect(() => validateMovement({ ...command, description })).toThrow(/description/);
  }
});
