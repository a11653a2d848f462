import { describe, expect, test } from 'vitest';
import { booked, checked, kindsOf, ONE, OTHER, type PlantedEvent, side } from '../testing/checked-ledger.ts';

type Wanted = Parameters<typeof booked>[1];

const deposit = booked(ONE, { id: 'deposit', amount: '10.00', balance: '110.00' });
/** Takes a deposit back, or something else. */
const reversal = (balance: string, reverses: string, wanted: Partial<Wanted> = {}) =>
  booked(ONE, {
    id: `reversal of ${reverses}`,
    type: 'REVERSAL',
    amount: '10.00',
    balance,
    from: ONE,
    to: null,
    ...wanted,
    more: { reverses },
  });
const transfer = [
  side(ONE, '10.00', '90.00', { id: 'transfer' }),
  side(OTHER, '10.00', '10.00', { id: 'transfer' }),
];
const back = (account: string, balance: string, wanted: Partial<Wanted> = {}) =>
  side(account, '10.00', balance, {
    id: 'back',
    type: 'REVERSAL',
    from: OTHER,
    to: ONE,
    more: { reverses: 'transfer' },
    ...wanted,
  });
const interest = (id: string, balance: string, period: string, wanted: Partial<Wanted> = {}) =>
  booked(ONE, {
    id,
    type: 'INTEREST',
    amount: '1.00',
    balance,
    against: 'interest-expense',
    ...wanted,
    more: { period },
  });
const fee = (balance: string, wanted: Partial<Wanted> = {}) =>
  booked(ONE, {
    id: 'fee',
    type: 'FEE',
    amount: '1.00',
    balance,
    from: ONE,
    to: null,
    against: 'fee-income',
    ...wanted,
  });
const chargedFor = (transaction: string) => ({ more: { charged_for: transaction } });

test('reversals, interest and fees that are as they must be have nothing to be named', () => {
  const { findings, ledger } = checked(
    [deposit],
    [reversal('100.00', 'deposit')],
    transfer,
    [back(OTHER, '0.00'), back(ONE, '100.00')],
    [interest('one', '101.00', '2026-09')],
    [interest('two', '102.00', '2026-10')],
    [reversal('101.00', 'one', { amount: '1.00', against: 'interest-expense' })],
    [fee('100.00')],
    [
      side(ONE, '10.00', '90.00', { id: 'charged' }),
      fee('89.00', { id: 'its fee', ...chargedFor('charged') }),
      side(OTHER, '10.00', '10.00', { id: 'charged' }),
    ],
    [
      booked(ONE, {
        id: 'refund',
        type: 'REVERSAL',
        amount: '1.00',
        balance: '90.00',
        against: 'fee-income',
        more: { reverses: 'its fee' },
      }),
    ],
  );
  expect(findings).toEqual([]);
  expect(ledger.totals()).toMatchObject([{ accounts: { transfers: '0.00', 'fee-income': '1.00' } }]);
});

describe('what is no transaction of its kind is named', () => {
  test.each<[string, PlantedEvent[][], string[]]>([
    ['a reversal of what was not recorded', [[reversal('90.00', 'nothing')]], ['reversal-wrong']],
    [
      'a reversal before what it reverses',
      [[reversal('90.00', 'deposit')], [booked(ONE, { id: 'deposit', amount: '10.00', balance: '100.00' })]],
      ['reversal-wrong'],
    ],
    [
      'a reversal of another amount',
      [[deposit], [reversal('109.00', 'deposit', { amount: '1.00' })]],
      ['reversal-wrong'],
    ],
    [
      'a reversal that gives a deposit twice',
      [[deposit], [reversal('120.00', 'deposit', { from: null, to: ONE })]],
      ['reversal-wrong'],
    ],
    [
      'a reversal against another system account',
      [[deposit], [reversal('100.00', 'deposit', { against: 'fee-income' })]],
      ['reversal-wrong'],
    ],
    [
      'a reversal of half a transfer, as if it were a withdrawal',
      [transfer, [reversal('100.00', 'transfer', { from: null, to: ONE })]],
      ['reversal-wrong'],
    ],
    [
      'a second reversal',
      [[deposit], [reversal('100.00', 'deposit')], [reversal('90.00', 'deposit')]],
      ['reversal-repeated'],
    ],
    [
      'a reversal of a reversal',
      [
        [deposit],
        [reversal('100.00', 'deposit')],
        [reversal('110.00', 'reversal of deposit', { from: null, to: ONE })],
      ],
      ['reversal-wrong'],
    ],
    [
      'half a reversal of a transfer',
      [transfer, [back(OTHER, '0.00')]],
      ['transfer-torn', 'transfers-not-zero'],
    ],
    [
      'interest twice for one period',
      [[interest('one', '101.00', '2026-09')], [interest('two', '102.00', '2026-09')]],
      ['interest-repeated'],
    ],
    [
      'interest for a period again after it was reversed',
      [
        [interest('one', '101.00', '2026-09')],
        [reversal('100.00', 'one', { amount: '1.00', against: 'interest-expense' })],
        [interest('two', '101.00', '2026-09')],
      ],
      ['interest-repeated'],
    ],
    ['interest from cash', [[interest('one', '101.00', '2026', { against: 'cash' })]], ['kind-wrong']],
    [
      'interest that the account pays',
      [[interest('one', '99.00', '2026', { from: ONE, to: null })]],
      ['kind-wrong'],
    ],
    ['a fee to cash', [[fee('99.00', { against: 'cash' })]], ['kind-wrong']],
    ['a fee that the account receives', [[fee('101.00', { from: null, to: ONE })]], ['kind-wrong']],
    [
      'a deposit from what the bank has earned',
      [[booked(ONE, { amount: '1.00', balance: '101.00', against: 'fee-income' })]],
      ['kind-wrong'],
    ],
    [
      'a deposit that is against another account',
      [[booked(ONE, { amount: '1.00', balance: '101.00', against: OTHER })]],
      ['kind-wrong'],
    ],
    [
      'a transfer through cash',
      [[side(ONE, '1.00', '99.00', { against: 'cash' }), side(OTHER, '1.00', '1.00', { against: 'cash' })]],
      ['kind-wrong'],
    ],
    [
      'a kind that there is not',
      [[booked(ONE, { type: 'GIFT', amount: '1.00', balance: '101.00' })]],
      ['event-unreadable'],
    ],
    [
      'the fee of a transfer in another commit',
      [transfer, [fee('89.00', chargedFor('transfer'))]],
      ['fee-torn'],
    ],
    [
      'the fee of a transfer that somebody else pays',
      [
        [
          side(ONE, '10.00', '90.00', { id: 'transfer' }),
          side(OTHER, '10.00', '10.00', { id: 'transfer' }),
          booked(OTHER, {
            id: 'fee',
            type: 'FEE',
            amount: '1.00',
            balance: '9.00',
            from: OTHER,
            to: null,
            against: 'fee-income',
            ...chargedFor('transfer'),
          }),
        ],
      ],
      ['fee-torn'],
    ],
  ])('%s', (_, commits, kinds) => {
    expect([...new Set(kindsOf(checked(...commits).findings))].sort()).toEqual([...kinds].sort());
  });
});
