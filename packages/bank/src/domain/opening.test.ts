import { given } from '@openbank/eventsourcing/given-when-then';
import { describe, test } from 'vitest';
import { created, OWNER } from '../testing/account-history.ts';
import { type BankAccountState, bankAccountAggregate } from './bank-account.ts';
import { parseDecimal } from './money.ts';
import { openAccount } from './opening.ts';

const open =
  (limit: string | number, currency = 'USD') =>
  (account: BankAccountState) =>
    openAccount(account, {
      ownerId: OWNER,
      currency,
      overdraftLimit: parseDecimal(limit, 'overdraft_limit'),
    });

describe('opening', () => {
  test('a new account has a balance of zero in its currency, and keeps its overdraft limit', () => {
    given(bankAccountAggregate)
      .when(open(500.0))
      .then([created('500.00')]);
    given(bankAccountAggregate)
      .when(open('7', 'JPY'))
      .then([created('7', 'JPY')]);
    given(bankAccountAggregate)
      .when(open(0, 'BHD'))
      .then([created('0.000', 'BHD')]);
  });

  test('an account is opened once', () => {
    given(bankAccountAggregate, [created()]).when(open(500)).thenRefused('account-already-open');
  });

  test('no overdraft limit goes above 10^15 minor units', () => {
    given(bankAccountAggregate)
      .when(open('10000000000000.00'))
      .then([created('10000000000000.00')]);
    given(bankAccountAggregate).when(open('10000000000000.01')).thenRefused('overdraft-limit-too-high');
  });

  test('an overdraft limit with more digits than the currency is malformed', () => {
    given(bankAccountAggregate).when(open('1.5', 'JPY')).thenRefused('malformed');
  });
});
