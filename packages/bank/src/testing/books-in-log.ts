import type { RecordedEvent } from '@openbank/eventsourcing';
import { bankAccountAggregate } from '../domain/bank-account.ts';
import { parseMinor } from '../domain/money.ts';
import { TRANSFERS } from '../domain/system-accounts.ts';

/**
 * For tests: the books as the log tells them, account by account and for each system account, in minor units.
 *
 * @throws Error - an event is not balanced or its balance not true, an account has passed its limit, or a commit has left
 *   something in `transfers`
 */
export function booksIn(events: readonly RecordedEvent[]): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  const limits = new Map<string, bigint>();
  for (const event of events) {
    const data = JSON.parse(event.data);
    const account = event.stream.slice(bankAccountAggregate.streamPrefix.length);
    if (LIMITING.has(event.type)) limits.set(account, parseMinor(data.overdraft_limit, data.currency));
    if (event.type === 'BankAccountTransactionRecordedDomainEventV1') {
      book(sums, data);
      const balance = sums.get(account) ?? 0n;
      if (parseMinor(data.balance, data.currency) !== balance) throw wrong(event, `not ${balance}`);
      if (balance < -(limits.get(account) ?? 0n)) throw wrong(event, 'below the limit');
    }
    if (isLastOfCommit(event) && (sums.get(TRANSFERS) ?? 0n) !== 0n) throw wrong(event, 'half a transfer');
  }
  return sums;
}

const LIMITING = new Set([
  'BankAccountCreatedDomainEventV1',
  'BankAccountOverdraftLimitChangedDomainEventV1',
]);

interface EntryData {
  readonly currency: string;
  readonly postings: readonly { readonly account: string; readonly amount: string }[];
}

function book(sums: Map<string, bigint>, { currency, postings }: EntryData): void {
  let total = 0n;
  for (const { account, amount } of postings) {
    const added = parseMinor(amount, currency);
    sums.set(account, (sums.get(account) ?? 0n) + added);
    total += added;
  }
  if (total !== 0n) throw new Error(`An entry has ${total} too much.`);
}

function isLastOfCommit({ metadata }: RecordedEvent): boolean {
  return Number(metadata.commit_index) === Number(metadata.commit_size) - 1;
}

function wrong({ stream, revision, data }: RecordedEvent, what: string): Error {
  return new Error(`${stream}@${revision} is ${what}: ${data}`);
}
