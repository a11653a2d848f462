import { describe, expect, test } from 'vitest';
import {
  booked,
  checked,
  closed,
  disowned,
  frozen,
  kindsOf,
  limited,
  ONE,
  OTHER,
  opened,
  owned,
  type PlantedEvent,
  side,
  THIRD,
  unfrozen,
  withdrawn,
} from '../testing/checked-ledger.ts';

const deposited = (balance: string) => booked(ONE, { amount: '1.00', balance });
const closing = [closed(OTHER), disowned(OTHER, 1)];

test('accounts that have lived as they may have nothing to be named', () => {
  const { findings } = checked(
    [frozen(ONE, 'FROZEN_DEBIT')],
    [deposited('101.00')],
    [limited(ONE, '10.00', '101.00')],
    [frozen(ONE, 'FROZEN')],
    [unfrozen(ONE)],
    [withdrawn(ONE, '111.00', '-10.00')],
    [frozen(OTHER, 'FROZEN_DEBIT')],
    closing,
    [opened(THIRD), owned(THIRD, 2)],
    [closed(THIRD), disowned(THIRD, 1)],
  );
  expect(findings).toEqual([]);
});

describe('what an account must not have done is named', () => {
  test.each<[string, PlantedEvent[][], string[]]>([
    [
      'money into an account that is closed',
      [closing, [booked(OTHER, { amount: '1.00', balance: '1.00' })]],
      ['closed-account-used'],
    ],
    [
      'half of a transfer on an account that is closed',
      [closing, [side(ONE, '1.00', '99.00'), side(OTHER, '1.00', '1.00')]],
      ['closed-account-used'],
    ],
    ['freezing what is closed', [closing, [frozen(OTHER, 'FROZEN')]], ['closed-account-used']],
    [
      'unfreezing what is closed',
      [[frozen(OTHER, 'FROZEN_DEBIT')], closing, [unfrozen(OTHER)]],
      ['closed-account-used'],
    ],
    ['a new limit of what is closed', [closing, [limited(OTHER, '1.00', '0.00')]], ['closed-account-used']],
    ['closing twice', [closing, [closed(OTHER), disowned(OTHER, 0)]], ['closed-account-used']],
    [
      'money into an account that is frozen',
      [[frozen(ONE, 'FROZEN')], [deposited('101.00')]],
      ['frozen-account-used'],
    ],
    [
      'money out of an account that is frozen',
      [[frozen(ONE, 'FROZEN')], [withdrawn(ONE, '1.00', '99.00')]],
      ['frozen-account-used'],
    ],
    [
      'money out of an account that is frozen for that',
      [[frozen(ONE, 'FROZEN_DEBIT')], [withdrawn(ONE, '1.00', '99.00')]],
      ['frozen-account-used'],
    ],
    ['freezing what is frozen', [[frozen(ONE, 'FROZEN')], [frozen(ONE, 'FROZEN')]], ['frozen-account-used']],
    [
      'freezing less what is frozen',
      [[frozen(ONE, 'FROZEN')], [frozen(ONE, 'FROZEN_DEBIT')]],
      ['frozen-account-used', 'status-wrong'],
    ],
    [
      'freezing for payments what is frozen for them',
      [[frozen(ONE, 'FROZEN_DEBIT')], [frozen(ONE, 'FROZEN_DEBIT')]],
      ['status-wrong'],
    ],
    ['closing what is frozen', [[frozen(OTHER, 'FROZEN')], closing], ['frozen-account-used']],
    [
      'a new limit of what is frozen',
      [[frozen(ONE, 'FROZEN')], [limited(ONE, '1.00', '100.00')]],
      ['frozen-account-used'],
    ],
    ['freezing to be open', [[frozen(ONE, 'OPEN')]], ['status-wrong']],
    ['freezing to be what there is not', [[frozen(ONE, 'ICE')]], ['event-unreadable']],
    ['unfreezing what is open', [[unfrozen(ONE)]], ['status-wrong']],
    ['unfreezing to be frozen', [[frozen(ONE, 'FROZEN')], [unfrozen(ONE, 'FROZEN_DEBIT')]], ['status-wrong']],
    ['closing with money', [[closed(ONE), disowned(ONE, 1)]], ['closing-with-balance']],
    [
      'closing with debts',
      [[withdrawn(ONE, '100.01', '-0.01')], [closed(ONE), disowned(ONE, 1)]],
      ['closing-with-balance'],
    ],
    ['closing to be open', [[closed(OTHER, { status: 'OPEN' }), disowned(OTHER, 1)]], ['status-wrong']],
    ['a closing without its owner', [[closed(OTHER)]], ['closing-torn']],
    ['an owner of an account that is not closed', [[disowned(OTHER, 1)]], ['closing-torn']],
    [
      'a closing whose owner is told in another commit',
      [[closed(OTHER)], [disowned(OTHER, 1)]],
      ['closing-torn'],
    ],
    [
      'a closing that names somebody else',
      [[closed(OTHER, { owner_id: 'b'.repeat(32) }), disowned(OTHER, 1)]],
      ['owner-wrong', 'closing-torn'],
    ],
    ['a count that is not one less', [[closed(OTHER), disowned(OTHER, 2)]], ['account-count-wrong']],
    ['a count that is not one more', [[opened(THIRD), owned(THIRD, 2)]], ['account-count-wrong']],
    [
      'a limit below what is used',
      [[withdrawn(ONE, '120.00', '-20.00')], [limited(ONE, '19.99', '-20.00')]],
      ['limit-exceeded'],
    ],
    [
      'a balance below the new limit',
      [[limited(ONE, '10.00', '100.00')], [withdrawn(ONE, '110.01', '-10.01')]],
      ['limit-exceeded'],
    ],
    ['a limit above all limits', [[limited(ONE, '10000000000000.01', '100.00')]], ['limit-exceeded']],
    ['a limit beside another balance', [[limited(ONE, '10.00', '99.00')]], ['balance-wrong']],
    ['a limit in another currency', [[limited(ONE, '10.00', '100.00', 'EUR')]], ['currency-wrong']],
    ['a change of an account that was not opened', [[frozen(THIRD, 'FROZEN')]], ['account-unknown']],
  ])('%s', (_, commits, kinds) => {
    expect([...new Set(kindsOf(checked(...commits).findings))].sort()).toEqual([...kinds].sort());
  });
});
