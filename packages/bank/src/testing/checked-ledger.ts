import { type CheckedEvent, createFindings, type Finding, type SealedEvent } from '@openbank/eventsourcing';
import { createLedgerCheck } from '../verification/ledger.ts';

// For tests: the ledger's check over commits that were planted.

const ALICE = 'a'.repeat(32);
export const ONE = '1'.repeat(32);
export const OTHER = '2'.repeat(32);
export const THIRD = '3'.repeat(32);

export type PlantedEvent = SealedEvent & { readonly stream: string };

export const opened = (id: string, data: object = {}): PlantedEvent => ({
  stream: `bank-account-${id}`,
  type: 'BankAccountCreatedDomainEventV1',
  data: { owner_id: ALICE, currency: 'USD', balance: '0.00', overdraft_limit: '50.00', ...data },
});

/** @param accounts - how many are open by then */
export const owned = (id: string, accounts: number): PlantedEvent => ({
  stream: `person-${ALICE}`,
  type: 'PersonAccountOpenedDomainEventV1',
  data: { account_id: id, accounts },
});

export const disowned = (id: string, accounts: number): PlantedEvent => ({
  stream: `person-${ALICE}`,
  type: 'PersonAccountClosedDomainEventV1',
  data: { account_id: id, accounts },
});

const change =
  (what: string) =>
  (id: string, data: object): PlantedEvent => ({
    stream: `bank-account-${id}`,
    type: `BankAccount${what}DomainEventV1`,
    data,
  });
export const frozen = (id: string, status: string) => change('Frozen')(id, { status });
export const unfrozen = (id: string, status = 'OPEN') => change('Unfrozen')(id, { status });
export const closed = (id: string, data: object = {}) =>
  change('Closed')(id, { owner_id: ALICE, status: 'CLOSED', ...data });
export const limited = (id: string, overdraft_limit: string, balance: string, currency = 'USD') =>
  change('OverdraftLimitChanged')(id, { currency, balance, overdraft_limit });

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
  /** What the transaction says besides. */
  readonly more?: object;
}

/** A deposit, unless it says that money comes from or goes to somewhere else. */
export function booked(account: string, wanted: Booked): PlantedEvent {
  const { type = 'DEPOSIT', id = 'transaction', amount, balance, currency = 'USD', subject } = wanted;
  const { from = null, to = account, against = 'cash' } = wanted;
  const negative = (text: string) => (text.startsWith('-') ? text.slice(1) : `-${text}`);
  const own = from === account ? negative(amount) : amount;
  const postings = wanted.postings ?? [
    { account, amount: own },
    { account: against, amount: negative(own) },
  ];
  const transaction = { id, type, amount, from_account_id: from, to_account_id: to, ...wanted.more };
  const personal = subject === undefined ? {} : { personal: { subject, event: 'x', cipher: 'x' } };
  return {
    stream: `bank-account-${account}`,
    type: 'BankAccountTransactionRecordedDomainEventV1',
    data: { transaction, currency, balance, postings },
    ...personal,
  };
}

export const withdrawn = (account: string, amount: string, balance: string) =>
  booked(account, { type: 'WITHDRAWAL', amount, balance, from: account, to: null });

export const side = (account: string, amount: string, balance: string, wanted: Partial<Booked> = {}) =>
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
  [opened(ONE), owned(ONE, 1)],
  [opened(OTHER), owned(OTHER, 2)],
  [booked(ONE, { amount: '100.00', balance: '100.00', subject: ALICE })],
];

export function checked(...commits: readonly (readonly PlantedEvent[])[]) {
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

export const kindsOf = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);
