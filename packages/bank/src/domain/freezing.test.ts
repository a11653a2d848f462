import { given } from '@openbank/eventsourcing/given-when-then';
import { describe, test } from 'vitest';
import { closed, created, frozen, unfrozen } from '../testing/account-history.ts';
import { type BankAccountState, bankAccountAggregate } from './bank-account.ts';
import { type FrozenStatus, freezeAccount, unfreezeAccount } from './freezing.ts';

const freeze = (status: FrozenStatus) => (account: BankAccountState) => freezeAccount(account, status);

describe('freezing', () => {
  test.each<FrozenStatus>(['FROZEN_DEBIT', 'FROZEN'])('an open account becomes %s', (status) => {
    given(bankAccountAggregate, [created()])
      .when(freeze(status))
      .then([frozen(status)]);
  });

  test('an account that pays nothing out can be frozen altogether, and not the other way round', () => {
    given(bankAccountAggregate, [created(), frozen('FROZEN_DEBIT')])
      .when(freeze('FROZEN'))
      .then([frozen('FROZEN')]);
    given(bankAccountAggregate, [created(), frozen('FROZEN')])
      .when(freeze('FROZEN_DEBIT'))
      .thenRefused('account-frozen');
  });

  test.each<FrozenStatus>(['FROZEN_DEBIT', 'FROZEN'])(
    'an account that is %s is not made so again',
    (status) => {
      given(bankAccountAggregate, [created(), frozen(status)])
        .when(freeze(status))
        .thenRefused('account-frozen');
    },
  );

  test('an account that was unfrozen can be frozen again', () => {
    given(bankAccountAggregate, [created(), frozen('FROZEN'), unfrozen])
      .when(freeze('FROZEN'))
      .then([frozen('FROZEN')]);
  });

  test.each<FrozenStatus>(['FROZEN_DEBIT', 'FROZEN'])(
    'neither nothing nor what is closed becomes %s',
    (status) => {
      given(bankAccountAggregate).when(freeze(status)).thenRefused('account-not-found');
      given(bankAccountAggregate, [created(), closed]).when(freeze(status)).thenRefused('account-closed');
    },
  );
});

describe('unfreezing', () => {
  test.each<FrozenStatus>(['FROZEN_DEBIT', 'FROZEN'])('an account that is %s is open again', (status) => {
    given(bankAccountAggregate, [created(), frozen(status)])
      .when(unfreezeAccount)
      .then([unfrozen]);
  });

  test('what is open has nothing to be undone', () => {
    given(bankAccountAggregate, [created()]).when(unfreezeAccount).thenRefused('account-not-frozen');
    given(bankAccountAggregate, [created(), frozen('FROZEN'), unfrozen])
      .when(unfreezeAccount)
      .thenRefused('account-not-frozen');
  });

  test('neither nothing nor what is closed is unfrozen', () => {
    given(bankAccountAggregate).when(unfreezeAccount).thenRefused('account-not-found');
    given(bankAccountAggregate, [created(), closed]).when(unfreezeAccount).thenRefused('account-closed');
  });
});
