import type { InjectOptions } from 'fastify';
import { decimal } from './model-parts.ts';
import type { Call, Currency, Model, Movement } from './model-types.ts';

/** The ids that the bank has given, by their places in the model. */
export interface Ids {
  readonly persons: string[];
  readonly accounts: string[];
  readonly transactions: string[];
}

export interface Request {
  readonly method: NonNullable<InjectOptions['method']>;
  readonly url: string;
  readonly payload: object;
}

const NOBODY = 'f'.repeat(32);

export const idIn = (ids: readonly string[], place: number): string => ids[place] ?? NOBODY;

/** @param number - which call it is: amounts of every other one are JSON numbers, where that carries them */
export function requestOf(model: Model, ids: Ids, call: Call, number: number): Request {
  const amount = (minor: bigint, place: number) =>
    written(minor, model.accounts[place]?.currency ?? 'USD', number);
  const account = 'account' in call ? `/accounts/${idIn(ids.accounts, call.account)}` : '';
  switch (call.kind) {
    case 'open': {
      const { currency, reference } = call;
      const overdraft_limit = written(call.limit, currency, number);
      const owner_id = idIn(ids.persons, call.owner);
      return post('/accounts', { owner_id, currency, overdraft_limit, ...(reference && { reference }) });
    }
    case 'correct': {
      const payload = { first_name: call.firstName, date_of_birth: call.born };
      return { method: 'PATCH', url: `/persons/${idIn(ids.persons, call.person)}`, payload };
    }
    case 'freeze':
      return post(`${account}/freeze`, { status: call.status });
    case 'unfreeze':
    case 'close':
      return post(`${account}/${call.kind}`, {});
    case 'limit': {
      const payload = { overdraft_limit: amount(call.minor, call.account) };
      return { method: 'PUT', url: `${account}/overdraft-limit`, payload };
    }
    case 'reversal':
      return post(`/transactions/${idIn(ids.transactions, call.transaction)}/reversal`, {
        description: `Reversal ${number}`,
      });
    case 'batch': {
      const items = call.items.map((item) => ({ type: item.kind, ...bodyOf(item, ids, amount, number) }));
      return post('/transactions/batch', { mode: call.mode, items });
    }
    default:
      return post(`/transactions/${call.kind}`, bodyOf(call, ids, amount, number));
  }
}

function bodyOf(
  call: Movement,
  ids: Ids,
  amount: (minor: bigint, place: number) => string | number,
  number: number,
): object {
  const description = `${call.kind} ${number}`;
  if (call.kind === 'transfer') {
    const { from, to, minor, fee } = call;
    return {
      from_account_id: idIn(ids.accounts, from),
      to_account_id: idIn(ids.accounts, to),
      amount: amount(minor, from),
      ...(fee !== null && { fee: amount(fee, from) }),
      description,
    };
  }
  const said = {
    account_id: idIn(ids.accounts, call.account),
    amount: amount(call.minor, call.account),
    description,
  };
  if (call.kind === 'interest') return { ...said, period: call.period };
  const isNamed = call.kind !== 'fee' && call.against !== 'cash';
  return isNamed ? { ...said, system_account: call.against } : said;
}

/** The same request but for what it says; undefined where it says nothing but by its address. */
export function otherThan(payload: object): object | undefined {
  const other = JSON.parse(JSON.stringify(payload), (field, value) => OTHER[field]?.(value) ?? value);
  return JSON.stringify(other) === JSON.stringify(payload) ? undefined : other;
}

const OTHER: Readonly<Record<string, (value: unknown) => unknown>> = {
  amount: (value) => (value === '0.07' ? '0.08' : '0.07'),
  overdraft_limit: (value) => (value === '0.07' ? '0.08' : '0.07'),
  description: () => 'Other',
  first_name: () => 'Other',
  status: (value) => (value === 'FROZEN' ? 'FROZEN_DEBIT' : 'FROZEN'),
};

function post(url: string, payload: object): Request {
  return { method: 'POST', url, payload };
}

function written(minor: bigint, currency: Currency, number: number): string | number {
  const text = decimal(minor, currency);
  return number % 2 === 0 && minor < 10n ** 15n ? Number(text) : text;
}
