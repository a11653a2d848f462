import type { ProjectedEvent } from '@openbank/eventsourcing';
import { expect, test } from 'vitest';
import type { Posting } from '../domain/transaction.ts';
import { trialBalance } from './trial-balance.ts';

const account = '0193f2a0c0007000800000000000acc1';
const other = '0193f2a0c0007000800000000000acc2';

function entry(postings: readonly Posting[], currency = 'USD'): ProjectedEvent {
  const event: ProjectedEvent['event'] = {
    type: 'BankAccountTransactionRecordedDomainEventV1',
    data: { transaction: {}, currency, balance: '0.00', postings },
  };
  const stream = `bank-account-${account}`;
  const position = '0000000000000001';
  return { event, id: 'e1', stream, aggregateId: account, revision: 1, position, recordedAt: 1 };
}

const of = (name: string, amount: string): Posting => ({ account: name, amount });

test('an entry is added to the total of all customers and to that of its system account', () => {
  const event = entry([of(account, '-5.00'), of('cash', '5.00')]);
  expect(trialBalance.documentIds(event)).toEqual(['USD/customers', 'USD/cash']);
  const before = { currency: 'USD', account: 'cash', balance: 2n ** 53n, position: '0' };
  expect(trialBalance.evolve(before, event, 'USD/cash')).toEqual({
    currency: 'USD',
    account: 'cash',
    balance: 2n ** 53n + 500n,
    position: '0000000000000001',
  });
  expect(trialBalance.evolve(undefined, event, 'USD/customers')).toMatchObject({ balance: -500n });
});

test.each<[string, readonly Posting[]]>([
  ['are off by a unit', [of(account, '5.00'), of('cash', '-5.01')]],
  ['are both on the same side', [of(account, '5.00'), of('cash', '5.00')]],
])('an entry whose postings %s stops it', (_, postings) => {
  expect(() => trialBalance.documentIds(entry(postings))).toThrow('do not sum to zero');
});

test.each<[string, readonly Posting[]]>([
  ['of one posting', [of(account, '0.00')]],
  ['of three postings', [of(account, '1.00'), of('cash', '-1.00'), of('fee-income', '0.00')]],
  ['on another account', [of(other, '1.00'), of('cash', '-1.00')]],
  ['on two accounts', [of(account, '1.00'), of(other, '-1.00')]],
  ['on a system account that is called like all customers', [of(account, '1.00'), of('customers', '-1.00')]],
])('an entry %s stops it', (_, postings) => {
  expect(() => trialBalance.documentIds(entry(postings))).toThrow('not of two postings');
});

test('an amount that its currency does not have stops it', () => {
  const event = entry([of(account, '5.00'), of('cash', '-5.00')], 'JPY');
  expect(() => trialBalance.documentIds(event)).toThrow(RangeError);
});
