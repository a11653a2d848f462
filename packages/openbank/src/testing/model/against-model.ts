import type { LightMyRequestResponse } from 'fastify';
import type { App } from '../../http/app.ts';
import { ALICE, callsTo } from '../calls.ts';
import {
  accept,
  brings,
  type Call,
  type Currency,
  callOf,
  decimal,
  judge,
  type Model,
  newModel,
  type Step,
} from './bank-model.ts';

/** A running bank beside a model of its own: accounts of its own in the same bank. */
export interface AgainstModel {
  readonly model: Model;
  /** @throws Error - the bank answers otherwise than the model, or shows something else afterwards */
  take(step: Step): Promise<void>;
  /** @throws Error - one of all the accounts shows something else than the model's */
  compareAll(): Promise<void>;
}

interface Sent {
  readonly url: string;
  readonly payload: object;
  readonly key: string;
  readonly answer: string;
  /** Accounts that it has changed: their places. */
  readonly touched: readonly number[];
}

interface Total {
  readonly account: string;
  readonly balance: string;
}

const NOBODY = 'f'.repeat(32);

/** What all accounts of a bank hold together, by currency, in minor units. */
export type Books = Map<Currency, bigint>;

/**
 * @param name - makes its keys its own
 * @param books - those of all models that are beside the same bank
 */
export async function againstModel(app: App, name: string, books: Books): Promise<AgainstModel> {
  const { post, get } = callsTo(app);
  const owner = (await post('/persons', ALICE)).json().id;
  const model = newModel();
  const ids: string[] = [];
  const sent: Sent[] = [];
  let position = '';
  let calls = 0;

  const idOf = (place: number): string => ids[place] ?? NOBODY;
  /** Every other one as a JSON number, where that carries it. */
  const amountOf = (minor: bigint, currency: Currency): string | number => {
    const text = decimal(minor, currency);
    return calls % 2 === 0 && minor < 10n ** 15n ? Number(text) : text;
  };

  function requestOf(call: Call): Pick<Sent, 'url' | 'payload'> {
    if (call.kind === 'open') {
      const overdraft_limit = amountOf(call.limit, call.currency);
      return { url: '/accounts', payload: { owner_id: owner, currency: call.currency, overdraft_limit } };
    }
    const pays = call.kind === 'transfer' ? call.from : call.account;
    const amount = amountOf(call.minor, model.accounts[pays]?.currency ?? 'USD');
    const said = { amount, description: `${call.kind} ${calls}` };
    if (call.kind !== 'transfer') {
      return { url: `/transactions/${call.kind}`, payload: { account_id: idOf(call.account), ...said } };
    }
    const both = { from_account_id: idOf(call.from), to_account_id: idOf(call.to) };
    return { url: '/transactions/transfer', payload: { ...both, ...said } };
  }

  async function make(call: Call): Promise<void> {
    const key = `${name}-${calls++}`;
    const { url, payload } = requestOf(call);
    const { refusals, touched } = judge(model, call);
    const response = await post(url, payload, { 'Idempotency-Key': key });
    if (refusals.length > 0) expectRefused(response, refusals, call);
    else {
      expectStatus(response, call.kind === 'open' ? 201 : 200, call);
      accept(model, call);
      if (call.kind !== 'open') book(currencyOf(call), brings(call));
      sent.push({ url, payload, key, answer: response.body, touched });
      position = String(response.headers['openbank-position']);
      if (call.kind === 'open') ids.push(response.json().id);
    }
    for (const place of call.kind === 'open' ? [ids.length - 1] : touched) await expectShown(place);
    if (call.kind !== 'open') await expectBalanced(currencyOf(call));
  }

  function currencyOf(call: Exclude<Call, { kind: 'open' }>): Currency {
    return model.accounts[call.kind === 'transfer' ? call.from : call.account]?.currency ?? 'USD';
  }

  function book(currency: Currency, minor: bigint): void {
    books.set(currency, (books.get(currency) ?? 0n) + minor);
  }

  async function expectBalanced(currency: Currency): Promise<void> {
    const held = books.get(currency);
    if (held === undefined) return;
    const { currencies } = (await get(`/trial-balance?min_position=${position}`)).json();
    const shown = currencies.find((each: { currency: string }) => each.currency === currency);
    const balances = new Map(shown.accounts.map((each: Total) => [each.account, each.balance]));
    const nothing = decimal(0n, currency);
    const expected = [decimal(held, currency), decimal(-held, currency), nothing, nothing];
    const found = [
      balances.get('customers'),
      balances.get('cash') ?? nothing,
      balances.get('transfers') ?? nothing,
      shown.total,
    ];
    if (found.join() !== expected.join()) {
      throw new Error(`The books should show ${expected}, and show ${JSON.stringify(shown)}`);
    }
  }

  /** An accepted call again gets its first answer; another one under its key is refused. Neither changes anything. */
  async function repeat(back: number, changed: boolean): Promise<void> {
    const first = sent.at(-1 - (back % Math.max(sent.length, 1)));
    if (first === undefined) return;
    const payload = changed ? otherThan(first.payload) : first.payload;
    const response = await post(first.url, payload, { 'Idempotency-Key': first.key });
    for (const place of first.touched) await expectShown(place);
    if (changed) return expectRefused(response, ['idempotency-key-reused', 'malformed'], first);
    expectStatus(response, first.url === '/accounts' ? 201 : 200, first);
    if (response.body !== first.answer || response.headers['idempotency-replayed'] !== 'true') {
      throw new Error(`${first.key} was answered ${first.answer}, and now ${response.body}`);
    }
  }

  async function expectShown(place: number): Promise<void> {
    const account = model.accounts[place];
    if (account === undefined) return;
    const { balance, currency, limit } = account;
    const shown = (await get(`/accounts/${idOf(place)}?min_position=${position}`)).json();
    const expected = [decimal(balance, currency), decimal(balance + limit, currency)];
    if (shown.balance === expected[0] && shown.available_balance === expected[1]) return;
    throw new Error(`Account ${place} should show ${expected}, and shows ${JSON.stringify(shown)}`);
  }

  return {
    model,
    async take(step) {
      if (step.kind === 'again') return repeat(step.back, step.changed);
      const call = callOf(model, step);
      if (call !== undefined) await make(call);
    },
    async compareAll() {
      for (const place of ids.keys()) await expectShown(place);
    },
  };
}

/** The same request but for its amount. */
function otherThan(payload: object): object {
  const fields = Object.entries(payload).map(([field, value]) => {
    const isAmount = field === 'amount' || field === 'overdraft_limit';
    return [field, isAmount ? (value === '0.07' ? '0.08' : '0.07') : value];
  });
  return Object.fromEntries(fields);
}

function expectStatus(response: LightMyRequestResponse, status: number, asked: object): void {
  if (response.statusCode !== status) throw unexpected(response, asked, `${status}`);
}

function expectRefused(response: LightMyRequestResponse, codes: readonly string[], asked: object): void {
  if (response.statusCode < 400 || response.statusCode >= 500 || !codes.includes(response.json().code)) {
    throw unexpected(response, asked, codes.join(' or '));
  }
}

function unexpected({ statusCode, body }: LightMyRequestResponse, asked: object, expected: string): Error {
  const text = JSON.stringify(asked, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  return new Error(`${text} should be answered ${expected}, and was ${statusCode} ${body}`);
}
