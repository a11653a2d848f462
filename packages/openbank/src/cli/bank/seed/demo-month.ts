import { type DemoPerson, friendOf, twoDigits } from './demo-persons.ts';
import type { Dice } from './dice.ts';
import { SHOPS } from './names.ts';

interface Remarks {
  readonly idempotency_key: string;
  readonly amount: string;
  readonly description: string;
  readonly reference?: string;
  readonly value_date: string;
}

/** An item of a batch, as the bank takes it. */
export type DemoMovement = Remarks &
  (
    | { readonly type: 'deposit' | 'withdrawal' | 'fee'; readonly account_id: string }
    | { readonly type: 'interest'; readonly account_id: string; readonly period: string }
    | {
        readonly type: 'transfer';
        readonly from_account_id: string;
        readonly to_account_id: string;
        readonly fee?: string;
      }
  );

/** Where the demo's accounts are: the first of a person is for every day, the others for savings. */
export type AccountOf = (person: number, account: number) => string;

export interface DemoMonth {
  /** `2026-05` */
  readonly month: string;
  readonly dice: Dice;
  /** Begins every idempotency key of this demo. */
  readonly prefix: string;
  /** Accounts of each person. */
  readonly accounts: number;
  readonly accountOf: AccountOf;
}

/** What somebody receives and spends in a month: less than comes in, so that it goes well in any order. */
export function monthOf(person: DemoPerson, demo: DemoMonth): readonly DemoMovement[] {
  const { number } = person;
  const { month, dice, prefix, accountOf } = demo;
  const account_id = accountOf(number, 0);
  const salary = salaryOf(person, dice);
  const money = (units: number) => moneyOf(person, units);
  const said = (what: string, day: number) => ({
    idempotency_key: `${prefix}${month}-${what}-${number}`,
    value_date: `${month}-${twoDigits(day)}`,
  });
  return [
    {
      ...said('salary', 25),
      ...{ type: 'deposit', account_id, amount: money(salary) },
      ...{ description: 'Salary', reference: `salary-${month}` },
    },
    {
      ...said('rent', 1),
      ...{ type: 'withdrawal', account_id, amount: money(Math.round(salary * 0.3)) },
      ...{ description: 'Rent', reference: `rent-${month}` },
    },
    ...Array.from({ length: dice.between(3, 7, 'cards', number, month) }, (_, at): DemoMovement => {
      const cents = dice.between(350, 9_500, 'card', number, month, at);
      const day = dice.between(2, 28, 'card day', number, month, at);
      const description = dice.pick(SHOPS, 'shop', number, month, at);
      return {
        ...said(`card-${at}`, day),
        type: 'withdrawal',
        account_id,
        amount: money(cents / 100),
        description,
      };
    }),
    ...toFriend(person, demo, said, money),
    ...savings(person, demo, said, money),
    { ...said('fee', 28), type: 'fee', account_id, amount: money(2), description: 'Account fee' },
  ];
}

type Said = (what: string, day: number) => { readonly idempotency_key: string; readonly value_date: string };
type Money = (units: number) => string;

function toFriend(person: DemoPerson, demo: DemoMonth, said: Said, money: Money): readonly DemoMovement[] {
  const { number } = person;
  const { month, dice, accountOf } = demo;
  const friend = friendOf(number, dice, month);
  if (friend === undefined) return [];
  const amount = money(dice.between(5, 60, 'gift', number, month));
  const day = dice.between(3, 27, 'gift day', number, month);
  const ids = { from_account_id: accountOf(number, 0), to_account_id: accountOf(friend, 0) };
  // Every third transfer is urgent, and costs something.
  const fee = dice.between(1, 3, 'urgent', number, month) === 1 ? { fee: money(1) } : {};
  return [{ ...said('gift', day), type: 'transfer', ...ids, amount, description: 'Dinner, shared', ...fee }];
}

function savings(person: DemoPerson, demo: DemoMonth, said: Said, money: Money): readonly DemoMovement[] {
  const { number } = person;
  const { month, dice, accounts, accountOf } = demo;
  return Array.from({ length: accounts - 1 }, (_, at) => at + 1).flatMap((account): DemoMovement[] => {
    const account_id = accountOf(number, account);
    const ids = { from_account_id: accountOf(number, 0), to_account_id: account_id };
    const saved = dice.between(20, 45, 'saved', number, month, account);
    const interest = dice.between(1, 9, 'interest', number, month, account);
    return [
      {
        ...said(`saved-${account}`, 26),
        type: 'transfer',
        ...ids,
        amount: money(saved),
        description: 'Savings',
      },
      {
        ...said(`interest-${account}`, 28),
        ...{ type: 'interest', account_id, amount: money(interest), period: month, description: 'Interest' },
      },
    ];
  });
}

/** In dollars. */
export function salaryOf({ number }: DemoPerson, dice: Dice): number {
  return dice.between(25, 55, 'salary', number) * 100;
}

/** So many dollars in somebody's own money. Yen have no smaller part. */
export function moneyOf({ home }: DemoPerson, dollars: number): string {
  const amount = dollars * home.priceLevel;
  return home.currency === 'JPY' ? String(Math.max(1, Math.round(amount))) : amount.toFixed(2);
}
