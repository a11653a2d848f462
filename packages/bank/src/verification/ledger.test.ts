import { describe, expect, test } from 'vitest';
import {
  booked,
  checked,
  kindsOf,
  ONE,
  OTHER,
  opened,
  owned,
  type PlantedEvent,
  side,
  THIRD,
  withdrawn,
} from '../testing/checked-ledger.ts';

describe('books that are in order', () => {
  test('have nothing to be named, and sum to zero', () => {
    const { ledger, findings } = checked(
      [withdrawn(ONE, '120.00', '-20.00')],
      [side(ONE, '30.00', '-50.00'), side(OTHER, '30.00', '30.00')],
    );
    expect(findings).toEqual([]);
    expect(ledger.accounts()).toBe(2);
    expect(ledger.totals()).toEqual([
      { currency: 'USD', accounts: { customers: '-20.00', cash: '20.00', transfers: '0.00' }, sum: '0.00' },
    ]);
  });
});

describe('what is wrong in the books is named', () => {
  test.each<[string, PlantedEvent[][], string[]]>([
    [
      'postings that do not sum to zero',
      [
        [
          booked(ONE, {
            amount: '1.00',
            balance: '101.00',
            postings: [
              { account: ONE, amount: '1.00' },
              { account: 'cash', amount: '-0.99' },
            ],
          }),
        ],
      ],
      ['entry-unbalanced', 'trial-balance-wrong'],
    ],
    [
      'an entry on somebody else',
      [
        [
          booked(ONE, {
            amount: '1.00',
            balance: '100.00',
            postings: [
              { account: OTHER, amount: '1.00' },
              { account: 'cash', amount: '-1.00' },
            ],
          }),
        ],
      ],
      ['entry-wrong', 'amount-wrong'],
    ],
    [
      'a deposit that subtracts',
      [
        [
          booked(ONE, {
            amount: '1.00',
            balance: '99.00',
            postings: [
              { account: ONE, amount: '-1.00' },
              { account: 'cash', amount: '1.00' },
            ],
          }),
        ],
      ],
      ['amount-wrong'],
    ],
    [
      'a transfer of a negative amount',
      [[side(ONE, '-1.00', '101.00'), side(OTHER, '-1.00', '-1.00')]],
      ['amount-wrong'],
    ],
    [
      'a balance that does not follow',
      [[booked(ONE, { amount: '1.00', balance: '101.01' })]],
      ['balance-wrong', 'trial-balance-wrong'],
    ],
    ['a balance below the overdraft limit', [[withdrawn(ONE, '150.01', '-50.01')]], ['limit-exceeded']],
    [
      'a balance above all limits',
      [[booked(ONE, { amount: '10000000000000.00', balance: '10000000000100.00' })]],
      ['limit-exceeded'],
    ],
    [
      'an overdraft limit above all limits',
      [[opened(THIRD, { overdraft_limit: '10000000000000.01' }), owned(THIRD, 3)]],
      ['limit-exceeded'],
    ],
    [
      'another currency than its account has',
      [[booked(ONE, { amount: '1.00', balance: '101.00', currency: 'EUR' })]],
      ['currency-wrong'],
    ],
    [
      'an account that was not opened',
      [[booked(THIRD, { amount: '1.00', balance: '1.00' })]],
      ['account-unknown'],
    ],
    ['an account that is opened twice', [[opened(ONE), owned(ONE, 3)]], ['account-opened-twice']],
    [
      'an account that begins with money',
      [[opened(THIRD, { balance: '1.00' }), owned(THIRD, 3)]],
      ['balance-wrong'],
    ],
    ['an opening without its owner', [[opened(THIRD)]], ['opening-torn']],
    ['an owner of an account that is not opened', [[owned(THIRD, 3)]], ['opening-torn']],
    ['half a transfer', [[side(ONE, '1.00', '99.00')]], ['transfer-torn', 'transfers-not-zero']],
    [
      'a transfer whose sides are two commits',
      [[side(ONE, '1.00', '99.00')], [side(OTHER, '1.00', '1.00')]],
      ['transfer-torn', 'transfers-not-zero'],
    ],
    [
      'a transfer whose sides differ in amount',
      [[side(ONE, '1.00', '99.00'), side(OTHER, '2.00', '2.00')]],
      ['transfer-torn', 'transfers-not-zero'],
    ],
    [
      'a transfer whose sides are different transactions',
      [[side(ONE, '1.00', '99.00'), side(OTHER, '1.00', '1.00', { id: 'another' })]],
      ['transfer-torn'],
    ],
    [
      'a description that is sealed for somebody else',
      [[booked(ONE, { amount: '1.00', balance: '101.00', subject: 'b'.repeat(32) })]],
      ['subject-wrong'],
    ],
    ['an amount that is none', [[booked(ONE, { amount: 'one', balance: '101.00' })]], ['event-unreadable']],
  ])('%s', (_, commits, kinds) => {
    expect(kindsOf(checked(...commits).findings).sort()).toEqual([...kinds].sort());
  });

  test('at its first event, with how many there are, and the books are not blamed for ever', () => {
    const wrong = booked(ONE, { amount: '1.00', balance: '101.01' });
    const next = booked(ONE, { amount: '1.00', balance: '102.01' });
    const { findings } = checked([wrong], [next], [next]);
    expect(findings).toMatchObject([
      { kind: 'balance-wrong', place: `bank-account-${ONE}@2, position 6`, count: 2 },
      { kind: 'trial-balance-wrong', place: `bank-account-${ONE}@2, position 6`, count: 2 },
    ]);
  });
});
