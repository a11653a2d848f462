import { given } from '@openbank/eventsourcing/given-when-then';
import { test } from 'vitest';
import { closed, created, frozen, limitChanged, withdrawn } from '../testing/account-history.ts';
import { type BankAccountState, bankAccountAggregate } from './bank-account.ts';
import { parseDecimal } from './money.ts';
import { changeOverdraftLimit } from './overdraft-limit.ts';

const changeTo = (limit: string | number) => (account: BankAccountState) =>
  changeOverdraftLimit(account, parseDecimal(limit, 'overdraft_limit'));
const owing = withdrawn({ id: 'one', amount: '120.00', balance: '-120.00' });

test('a limit is raised and lowered', () => {
  given(bankAccountAggregate, [created('500.00')])
    .when(changeTo('700.5'))
    .then([limitChanged('700.50')]);
  given(bankAccountAggregate, [created('500.00')])
    .when(changeTo(0))
    .then([limitChanged('0.00')]);
});

test('a limit that stays as it was is recorded too', () => {
  given(bankAccountAggregate, [created('500.00')])
    .when(changeTo('500.00'))
    .then([limitChanged('500.00')]);
});

test('a limit is lowered to what is used, and no further', () => {
  given(bankAccountAggregate, [created('500.00'), owing])
    .when(changeTo('120.00'))
    .then([limitChanged('120.00', '-120.00')]);
  given(bankAccountAggregate, [created('500.00'), owing])
    .when(changeTo('119.99'))
    .thenRefused('overdraft-limit-in-use');
});

test('what is used is judged against the limit that was set last', () => {
  given(bankAccountAggregate, [created('0.00'), limitChanged('200.00'), owing])
    .when(changeTo('0.00'))
    .thenRefused('overdraft-limit-in-use');
});

test('no limit goes above 10^15 minor units', () => {
  given(bankAccountAggregate, [created()])
    .when(changeTo('10000000000000.00'))
    .then([limitChanged('10000000000000.00')]);
  given(bankAccountAggregate, [created()])
    .when(changeTo('10000000000000.01'))
    .thenRefused('overdraft-limit-too-high');
});

test('a limit with more digits than the currency is malformed', () => {
  given(bankAccountAggregate, [created('0', 'JPY')])
    .when(changeTo('1.5'))
    .thenRefused('malformed');
});

test('an account that pays nothing out has its limit changed, one that is frozen or closed has not', () => {
  given(bankAccountAggregate, [created(), frozen('FROZEN_DEBIT')])
    .when(changeTo(1))
    .then([limitChanged('1.00')]);
  given(bankAccountAggregate, [created(), frozen('FROZEN')])
    .when(changeTo(1))
    .thenRefused('account-frozen');
  given(bankAccountAggregate, [created(), closed]).when(changeTo(1)).thenRefused('account-closed');
  given(bankAccountAggregate).when(changeTo(1)).thenRefused('account-not-found');
});
