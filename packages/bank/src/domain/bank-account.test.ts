import { expect, test } from 'vitest';
import { created, deposited } from '../testing/account-history.ts';
import { bankAccountAggregate } from './bank-account.ts';

const { evolve } = bankAccountAggregate;

test('a transaction before its account is a damaged history, not a refusal', () => {
  const deposit = deposited({ id: 't1', amount: '1.00', balance: '1.00' });
  expect(() => evolve({ exists: false }, deposit)).toThrow(/before/);
});

test('a recorded balance that is none of the currency is a damaged history', () => {
  const account = evolve({ exists: false }, created());
  expect(() => evolve(account, deposited({ id: 't1', amount: '1', balance: '1' }))).toThrow(RangeError);
});
