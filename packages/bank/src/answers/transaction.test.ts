import { expect, test } from 'vitest';
import { bookedAnswer } from './transaction.ts';

const account = '0193f2a0c0007000800000000000acc1';
const data = {
  transaction: {
    id: '0193f2a0c00070008000000000007a01',
    type: 'DEPOSIT',
    amount: '5.00',
    from_account_id: null,
    to_account_id: account,
  },
  currency: 'USD',
  balance: '5.00',
  postings: [
    { account, amount: '5.00' },
    { account: 'cash', amount: '-5.00' },
  ],
};
const place = { id: 'e1', stream: `bank-account-${account}`, revision: 1, recordedAt: 1_790_000_000_000_001 };
const type = 'BankAccountTransactionRecordedDomainEventV1';

test('a description that was erased is answered as erased', () => {
  const event = { type, data, personal: { subject: 'owner', plain: 'erased' } };
  expect(bookedAnswer([{ ...place, event }]).transaction.description).toBe('erased');
});

test('a description of that very word is answered as it was given', () => {
  const event = { type, data, personal: { subject: 'owner', plain: { description: 'erased' } } };
  expect(bookedAnswer([{ ...place, event }]).transaction.description).toBe('erased');
});

test('a description that is still sealed is no answer', () => {
  const event = { type, data, personal: { subject: 'owner', event: 'e1', cipher: 'c2VhbGVk' } };
  expect(() => bookedAnswer([{ ...place, event }])).toThrow(/sealed/);
});

test('a command that has recorded no transaction has no such answer', () => {
  expect(() => bookedAnswer([])).toThrow(/no event/);
});

test('a transfer is answered to who pays, in whatever order its events come', () => {
  const payee = '0193f2a0c0007000800000000000acc2';
  const transaction = {
    ...data.transaction,
    type: 'TRANSFER',
    from_account_id: account,
    to_account_id: payee,
  };
  const entry = (own: string, balance: string, sign: string) => ({
    ...place,
    stream: `bank-account-${own}`,
    event: {
      type,
      data: { ...data, transaction, balance, postings: [{ account: own, amount: `${sign}5.00` }] },
    },
  });
  const paid = entry(account, '1.00', '-');
  const received = entry(payee, '999.00', '');
  for (const events of [
    [paid, received],
    [received, paid],
  ]) {
    expect(bookedAnswer(events)).toMatchObject({ id: account, balance: '1.00' });
    expect(JSON.stringify(bookedAnswer(events))).not.toContain('999.00');
  }
});
