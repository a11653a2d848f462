import { given } from '@openbank/eventsourcing/given-when-then';
import { test } from 'vitest';
import { closed, created, deposited, frozen, unfrozen, withdrawn } from '../testing/account-history.ts';
import { bankAccountAggregate } from './bank-account.ts';
import { closeAccount } from './closing.ts';

const paidIn = deposited({ id: 'one', amount: '0.01', balance: '0.01' });
const paidOut = withdrawn({ id: 'two', amount: '0.01', balance: '0.00' });
const owing = withdrawn({ id: 'three', amount: '0.01', balance: '-0.01' });

test('an account with a balance of zero is closed', () => {
  given(bankAccountAggregate, [created()]).when(closeAccount).then([closed]);
  given(bankAccountAggregate, [created(), paidIn, paidOut]).when(closeAccount).then([closed]);
});

test('an account that has or owes a cent is not', () => {
  given(bankAccountAggregate, [created(), paidIn]).when(closeAccount).thenRefused('balance-not-zero');
  given(bankAccountAggregate, [created(), owing]).when(closeAccount).thenRefused('balance-not-zero');
});

test('an account that pays nothing out can be closed, one that is frozen altogether is unfrozen first', () => {
  given(bankAccountAggregate, [created(), frozen('FROZEN_DEBIT')])
    .when(closeAccount)
    .then([closed]);
  given(bankAccountAggregate, [created(), frozen('FROZEN')])
    .when(closeAccount)
    .thenRefused('account-frozen');
  given(bankAccountAggregate, [created(), frozen('FROZEN'), unfrozen])
    .when(closeAccount)
    .then([closed]);
});

test('an account is closed once, and only where there is one', () => {
  given(bankAccountAggregate, [created(), closed]).when(closeAccount).thenRefused('account-closed');
  given(bankAccountAggregate).when(closeAccount).thenRefused('account-not-found');
});
