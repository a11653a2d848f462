import type { OpenBankClient } from '@openbank/client';
import { type AccountOf, type DemoMonth, type DemoMovement, monthOf } from './demo-month.ts';
import { createDemoParts, createTally, type Tally } from './demo-parts.ts';
import { type DemoPerson, type DemoSize, demoPerson } from './demo-persons.ts';
import { createDice } from './dice.ts';
import { lastMonths } from './months.ts';
import { progressBar } from './progress-bar.ts';

/** What a demo is, and what of it is new. */
export interface Seeded {
  readonly persons: number;
  readonly accounts: number;
  readonly transactions: number;
  /** Of all these, and of what was done to accounts, what was not there before. */
  readonly added: number;
  /** Transactions that the bank refused, since somebody changed the demo meanwhile; the first reasons. */
  readonly refused: readonly string[];
  /** Transactions of which the bank could not say whether they were recorded. */
  readonly unknown: number;
  /** Something to look at. */
  readonly personId: string;
  readonly accountId: string;
}

/** Writes that are under way together, and transactions that go in one call. */
const AT_ONCE = 8;
const BATCH = 100;

/**
 * Makes a demo, or what is missing of it. Everything has an idempotency key made of the seed, so that it is made once.
 *
 * @param today - YYYY-MM-DD; the demo's months are those before it
 * @param say - told how far it is
 * @throws OpenBankError
 */
export async function seedBank(
  bank: OpenBankClient,
  size: DemoSize,
  today: string,
  say: (text: string) => void,
): Promise<Seeded> {
  const dice = createDice(size.seed);
  const prefix = `demo-${size.seed}-`;
  const tally = createTally();
  const parts = createDemoParts(bank, prefix, dice, tally);
  const persons = Array.from({ length: size.persons }, (_, number) => demoPerson(number, dice));

  const owners = await inTurn(persons, (person) => parts.person(person), said(say, 'persons'));
  const ownerOf = ({ number }: DemoPerson): string => owners[number] ?? '';
  const places = persons.flatMap((person) =>
    Array.from({ length: size.accounts }, (_, account) => ({ person, account })),
  );
  const ids = await inTurn(
    places,
    ({ person, account }) => parts.account(person, ownerOf(person), String(account)),
    said(say, 'accounts'),
  );
  const accountOf: AccountOf = (person, account) => ids[person * size.accounts + account] ?? '';

  const demo: Omit<DemoMonth, 'month'> = { dice, prefix, accounts: size.accounts, accountOf };
  const movements: readonly DemoMovement[] = [
    ...persons.map((person) => parts.opening(person, accountOf(person.number, 0))),
    ...lastMonths(today, size.months).flatMap((month) =>
      persons.flatMap((person) => monthOf(person, { ...demo, month })).sort(byDay),
    ),
  ];
  const { refused, unknown } = await record(bank, movements, tally, said(say, 'transactions'));
  const [first, second = first, third = second] = persons;
  if (first !== undefined && second !== undefined && third !== undefined) {
    await parts.frozen(first, ownerOf(first));
    await parts.closed(second, ownerOf(second));
    await parts.reversed(third, accountOf(third.number, 0));
  }
  return {
    persons: persons.length,
    // With those that are frozen and closed, and what was moved on them.
    accounts: ids.length + 2,
    transactions: movements.length + 6,
    added: tally.added,
    refused,
    unknown,
    personId: owners[0] ?? '',
    accountId: ids[0] ?? '',
  };
}

function byDay(one: DemoMovement, other: DemoMovement): number {
  return one.value_date.localeCompare(other.value_date);
}

/** Records movements in the order of time, and answers why some were refused, and of how many nobody knows. */
async function record(
  bank: OpenBankClient,
  movements: readonly DemoMovement[],
  { count }: Tally,
  done: (count: number, total: number) => void,
): Promise<Pick<Seeded, 'refused' | 'unknown'>> {
  const refused: string[] = [];
  let unknown = 0;
  for (let from = 0; from < movements.length; from += BATCH) {
    const body = { mode: 'independent' as const, items: movements.slice(from, from + BATCH) };
    const { data } = await bank.post('/transactions/batch', { body });
    for (const item of data.items) {
      if (item.status === 'unknown') unknown++;
      else if (item.status === 'refused') refused.push(item.problem?.detail ?? '');
      else count({ data: item, replayed: item.replayed ?? false });
    }
    done(Math.min(from + BATCH, movements.length), movements.length);
  }
  return { refused, unknown };
}

/** Does a few at once, and answers in the order of the items. */
async function inTurn<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  done: (count: number, total: number) => void,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(from, from + AT_ONCE).map(work))));
    done(results.length, items.length);
  }
  return results;
}

function said(say: (text: string) => void, what: string) {
  return (count: number, total: number): void => say(progressBar(count, total, what));
}
