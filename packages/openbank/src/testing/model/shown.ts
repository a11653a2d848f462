import type { LightMyRequestResponse } from 'fastify';
import { decimal } from './model-parts.ts';
import type { Account, Currency, Model } from './model-types.ts';
import { type Ids, idIn } from './requests.ts';

/** What the bank shows, against what a model says. Each throws where they differ. */
export interface Shown {
  /** @param query - `min_position=...` or `as_of_position=...` */
  account(model: Model, place: number, query: string): Promise<void>;
  person(model: Model, place: number, query: string): Promise<void>;
  transaction(model: Model, place: number, query: string): Promise<void>;
  books(model: Model, query: string): Promise<void>;
}

export type Get = (url: string) => Promise<LightMyRequestResponse>;

export function createShown(get: Get, ids: Ids): Shown {
  return {
    async account(model, place, query) {
      const response = await get(`/accounts/${idIn(ids.accounts, place)}?${query}`);
      const account = model.accounts[place];
      if (account === undefined) return expectUnknown(response);
      const owner = `${model.persons[account.owner]?.firstName} Smith`;
      // Whoever asks for the past learns the name that is known now.
      const named = query.startsWith('min_position') ? { owner } : {};
      const expected = { ...named, owner_id: idIn(ids.persons, account.owner), ...accountFields(account) };
      expectFields(response, expected);
      expectRevision(response, account.revision);
    },
    async person(model, place, query) {
      const response = await get(`/persons/${idIn(ids.persons, place)}?${query}`);
      const person = model.persons[place];
      if (person === undefined) return expectUnknown(response);
      expectFields(response, { first_name: person.firstName });
      expectRevision(response, person.revision);
    },
    async transaction(model, place, query) {
      const response = await get(`/transactions/${idIn(ids.transactions, place)}?${query}`);
      const transaction = model.transactions[place];
      if (transaction === undefined) return expectUnknown(response);
      expectFields(response, transactionFields(transaction, ids));
    },
    async books(model, query) {
      const response = await get(`/trial-balance?${query}`);
      if (model.books.size === 0 && response.statusCode === 404) return;
      const shown = bookLines(readBooks(response.json()));
      const expected = bookLines(model.books);
      if (shown !== expected) throw new Error(`The books should be ${expected}, and are ${shown}`);
      expectNoTotal(response);
    },
  };
}

/** What an account shows of itself, wherever it is answered. */
export function accountFields({ balance, currency, limit, status, reference }: Account) {
  return {
    balance: decimal(balance, currency),
    available_balance: decimal(balance + limit, currency),
    overdraft_limit: decimal(limit, currency),
    currency,
    status,
    reference,
  };
}

function transactionFields(transaction: Model['transactions'][number], ids: Ids) {
  const { type, minor, currency, from, to, period, chargedFor, reverses, reversedBy } = transaction;
  const id = (list: readonly string[], place: number | null) => (place === null ? null : idIn(list, place));
  return {
    type,
    amount: decimal(minor, currency),
    currency,
    from_account_id: id(ids.accounts, from),
    to_account_id: id(ids.accounts, to),
    period,
    charged_for: id(ids.transactions, chargedFor),
    reverses: id(ids.transactions, reverses),
    reversed_by: id(ids.transactions, reversedBy),
  };
}

interface ShownBooks {
  readonly currencies: readonly {
    readonly currency: Currency;
    readonly accounts: readonly { readonly account: string; readonly balance: string }[];
    readonly total: string;
  }[];
}

/** Books as the bank shows them, in minor units by `USD/cash`. */
export function readBooks({ currencies }: ShownBooks): Model['books'] {
  return new Map(
    currencies.flatMap(({ currency, accounts }) =>
      accounts.map(({ account, balance }) => [`${currency}/${account}`, BigInt(balance.replace('.', ''))]),
    ),
  );
}

function bookLines(books: Model['books']): string {
  return [...books]
    .filter(([, minor]) => minor !== 0n)
    .map(([name, minor]) => `${name} ${minor}`)
    .sort()
    .join();
}

function expectNoTotal(response: LightMyRequestResponse): void {
  const { currencies }: ShownBooks = response.json();
  const off = currencies.find(({ total }) => Number(total) !== 0);
  if (off !== undefined) throw new Error(`The books are off: ${JSON.stringify(off)}`);
}

/** @throws Error - a field of the answer is otherwise */
export function expectFields(response: LightMyRequestResponse, fields: object): void {
  const body = response.statusCode < 300 ? response.json() : {};
  for (const [field, value] of Object.entries(fields)) {
    if (body[field] === value) continue;
    const { method, url } = response.raw.req;
    throw new Error(
      `${method} ${url}: ${field} should be ${value} in ${response.statusCode} ${response.body}`,
    );
  }
}

function expectRevision({ headers, raw }: LightMyRequestResponse, revision: number): void {
  if (headers.etag === undefined || headers.etag === `"${revision}"`) return;
  throw new Error(`${raw.req.url} should be at revision ${revision}, and is at ${headers.etag}`);
}

function expectUnknown({ statusCode, body, raw }: LightMyRequestResponse): void {
  if (statusCode !== 404) throw new Error(`${raw.req.url} should be unknown, and is ${statusCode} ${body}`);
}
