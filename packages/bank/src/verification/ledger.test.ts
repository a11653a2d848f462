import { type CheckedEvent, createFindings, type Finding, type SealedEvent } from '@openbank/eventsourcing';
import { describe, expect, test } from 'vitest';
import { createLedgerCheck } from './ledger.ts';

const ALICE = 'a'.repeat(32);
const ONE = '1'.repeat(32);
const OTHER = '2'.repeat(32);

type Event = SealedEvent & { readonly stream: string };

const opened = (id: string, data: object = {}): Event => ({
  stream: `bank-account-${id}`,
  type: 'BankAccountCreatedDomainEventV1',
  data: { owner_id: ALICE, currency: 'USD', balance: '0.00', overdraft_limit: '50.00', ...data },
});

const owned = (id: string): Event => ({
  stream: `person-${ALICE}`,
  type: 'PersonAccountOpenedDomainEventV1',
  data: { account_id: id, accounts: 1 },
});

interface Booked {
  readonly type?: string;
  readonly id?: string;
  readonly amount: string;
  readonly balance: string;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly against?: string;
  readonly currency?: string;
  readonly postings?: readonly object[];
  readonly subject?: string;
}

/** A deposit, unless it says that money comes from or goes to somewhere else. */
function booked(account: string, wanted: Booked): Event {
  const { type = 'DEPOSIT', id = 'transaction', amount, balance, currency = 'USD', subject } = wanted;
  const { from = null, to = account, against = 'cash' } = wanted;
  const negative = (text: string) => (text.startsWith('-') ? text.slice(1) : `-${text}`);
  const own = from === account ? negative(amount) : amount;
  const postings = wanted.postings ?? [
    { account, amount: own },
    { account: against, amount: negative(own) },
  ];
  const transaction = { id, type, amount, from_account_id: from, to_account_id: to };
  const personal = subject === undefined ? {} : { personal: { subject, event: 'x', cipher: 'x' } };
  return {
    stream: `bank-account-${account}`,
    type: 'BankAccountTransactionRecordedDomainEventV1',
    data: { transaction, currency, balance, postings },
    ...personal,
  };
}

const withdrawn = (account: string, amount: string, balance: string) =>
  booked(account, { type: 'WITHDRAWAL', amount, balance, from: account, to: null });

const side = (account: string, amount: string, balance: string, wanted: Partial<Booked> = {}) =>
  booked(account, {
    type: 'TRANSFER',
    amount,
    balance,
    from: ONE,
    to: OTHER,
    against: 'transfers',
    ...wanted,
  });

/** Two open accounts, the first with 100.00. */
const BEFORE = [
  [opened(ONE), owned(ONE)],
  [opened(OTHER), owned(OTHER)],
  [booked(ONE, { amount: '100.00', balance: '100.00', subject: ALICE })],
];

function checked(...commits: readonly (readonly Event[])[]) {
  const ledger = createLedgerCheck();
  const findings = createFindings();
  const revisions = new Map<string, number>();
  let position = 0;
  for (const commit of [...BEFORE, ...commits]) {
    for (const { stream, ...event } of commit) {
      const revision = (revisions.get(stream) ?? -1) + 1;
      revisions.set(stream, revision);
      const place = { id: 'x', stream, revision, position: String(++position), recordedAt: position };
      ledger.see({ event, ...place } satisfies CheckedEvent, findings);
    }
    ledger.endOfCommit(findings);
  }
  return { ledger, findings: findings.all() };
}

const kindsOf = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);

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
  test.each<[string, Event[][], string[]]>([
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
      [[opened('3'.repeat(32), { overdraft_limit: '10000000000000.01' }), owned('3'.repeat(32))]],
      ['limit-exceeded'],
    ],
    [
      'another currency than its account has',
      [[booked(ONE, { amount: '1.00', balance: '101.00', currency: 'EUR' })]],
      ['currency-wrong'],
    ],
    [
      'an account that was not opened',
      [[booked('3'.repeat(32), { amount: '1.00', balance: '1.00' })]],
      ['account-unknown'],
    ],
    ['an account that is opened twice', [[opened(ONE), owned(ONE)]], ['account-opened-twice']],
    [
      'an account that begins with money',
      [[opened('3'.repeat(32), { balance: '1.00' }), owned('3'.repeat(32))]],
      ['balance-wrong'],
    ],
    ['an opening without its owner', [[opened('3'.repeat(32))]], ['opening-torn']],
    ['an owner of an account that is not opened', [[owned('3'.repeat(32))]], ['opening-torn']],
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
