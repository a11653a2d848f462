import type { LightMyRequestResponse } from 'fastify';
import type { App } from '../../http/app.ts';
import { ALICE } from '../calls.ts';
import {
  expectAccepted,
  expectAgain,
  expectItems,
  expectRefused,
  expectSame,
  type Item,
  transactionsIn,
} from './answers.ts';
import { isForetold, judge, judgeItems, leadingAccount, newModel, touchedBy } from './bank-model.ts';
import { callOf, type Step } from './drawn-call.ts';
import type { Call, Model } from './model-types.ts';
import { type Ids, otherThan, type Request, requestOf } from './requests.ts';
import { accountFields, createShown, expectFields, readBooks } from './shown.ts';

/** A running bank beside a model of its own: persons and accounts of its own in the same bank. */
export interface AgainstModel {
  /** @throws Error - the bank answers otherwise than the model, or shows something else afterwards */
  take(step: Step): Promise<void>;
  /** @throws Error - something shows otherwise than in the model */
  compareAll(): Promise<void>;
}

type Headers = Readonly<Record<string, string>>;
type Batch = Extract<Call, { kind: 'batch' }>;

/** What was accepted: it is sent again. */
interface Sent {
  readonly request: Request;
  readonly headers: Headers;
  readonly call: Call;
  readonly answer: LightMyRequestResponse;
  /** Of a batch of independent items, what those that were done were answered. */
  items: readonly (Item | undefined)[] | undefined;
}

const PERSONS = 3;
/** In so many steps, the past is read once. */
const LOOK_BACK = 50;

/** @param name - makes its keys its own */
export async function againstModel(app: App, name: string): Promise<AgainstModel> {
  const ids: Ids = { persons: [], accounts: [], transactions: [] };
  const send = ({ url, ...request }: Request, headers: Headers, query = '') =>
    app.inject({ ...request, url: `/api/v1${url}${query}`, headers });
  const get = (url: string) => app.inject({ method: 'GET', url: `/api/v1${url}` });
  const shown = createShown(get, ids);
  const sent: Sent[] = [];
  let calls = 0;
  let position = await registerPersons();
  const now = () => `min_position=${position}`;
  let model = newModel(PERSONS, readBooks((await get(`/trial-balance?${now()}`)).json()));
  const moments = [{ position, model }];

  async function registerPersons(): Promise<string> {
    let last = '';
    for (let person = 0; person < PERSONS; person++) {
      const answer = await send({ method: 'POST', url: '/persons', payload: ALICE }, {});
      ids.persons.push(answer.json().id);
      last = String(answer.headers['openbank-position']);
    }
    return last;
  }

  async function make(call: Call, step: Extract<Step, { kind: 'call' }>): Promise<void> {
    const key = `${name}-${calls++}`;
    const request = requestOf(model, ids, call, calls);
    const match = revisionOf(call, step.match);
    const headers = { 'Idempotency-Key': key, ...(match && { 'If-Match': match }) };
    const touched = touchedBy(model, call);
    const tried = step.tried ? await attempt(call, request, headers) : undefined;
    const { refusals, after } = judge(model, call);
    const isStale = match !== undefined && step.match === 'wrong';
    const answer = await send(request, headers);
    if (tried && isForetold(model, call)) expectSame(tried, answer, ids);
    if (isStale || refusals.length > 0) {
      expectRefused(answer, isStale ? [...refusals, 'precondition-failed'] : refusals, call);
    } else {
      const items = isIndependent(call) ? takeItems(call, answer, []) : takeOver(call, answer, after);
      sent.push({ request, headers, call, answer, items });
    }
    await expectShown(call, touched);
  }

  /** A dry run: it changes nothing. */
  async function attempt(call: Call, request: Request, headers: Headers): Promise<LightMyRequestResponse> {
    const answer = await send(request, headers, '?dry_run=true');
    await expectShown(call, touchedBy(model, call));
    return answer;
  }

  function revisionOf(call: Call, match: 'right' | 'wrong' | null): string | undefined {
    if (match === null) return undefined;
    const account = model.accounts[leadingAccount(model, call) ?? -1];
    const { revision } = (call.kind === 'correct' ? model.persons[call.person] : account) ?? {};
    return revision === undefined ? undefined : `"${match === 'right' ? revision : revision + 1}"`;
  }

  function takeOver(call: Call, answer: LightMyRequestResponse, after: Model): undefined {
    expectAccepted(answer, call);
    if (call.kind === 'open') ids.accounts.push(answer.json().id);
    if (call.kind === 'batch') ids.transactions.push(...answer.json().items.flatMap(transactionsIn));
    else ids.transactions.push(...transactionsIn(answer.json()));
    const place = call.kind === 'open' ? model.accounts.length : leadingAccount(model, call);
    adopt(after, answer);
    const account = place === undefined ? undefined : model.accounts[place];
    if (account === undefined) return;
    const said = Object.entries({ id: ids.accounts[place ?? -1], ...accountFields(account) });
    expectFields(answer, Object.fromEntries(said.filter(([field]) => field in answer.json())));
  }

  /** @param before - what items that an earlier call has done were answered */
  function takeItems(call: Batch, answer: LightMyRequestResponse, before: readonly (Item | undefined)[]) {
    const { outcomes, after } = judgeItems(
      model,
      call.items,
      call.items.map((_, index) => before[index] !== undefined),
    );
    const items = expectItems(answer, outcomes, before, call);
    const done = items.filter((item, index) => item !== undefined && before[index] === undefined);
    ids.transactions.push(...done.flatMap(transactionsIn));
    adopt(after, answer);
    return items;
  }

  function adopt(after: Model, answer: LightMyRequestResponse): void {
    const at = answer.headers['openbank-position'];
    model = after;
    // Items that are only repeated have the position of long ago.
    if (at === undefined || String(at) <= position) return;
    position = String(at);
    moments.push({ position, model });
  }

  /** An accepted call again gets its first answer; another one under its key is refused. Neither changes anything. */
  async function repeat(back: number, changed: boolean): Promise<void> {
    const first = sent.at(-1 - (back % Math.max(sent.length, 1)));
    if (first === undefined) return;
    const { request, headers, call, answer, items } = first;
    if (changed && items === undefined) await refuseOther(first);
    const again = await send(request, headers);
    if (isIndependent(call) && items) first.items = takeItems(call, again, items);
    else expectAgain(answer, again, call);
    await expectShown(call, touchedBy(model, call));
  }

  async function refuseOther({ request, headers, call }: Sent): Promise<void> {
    const payload = otherThan(request.payload);
    if (payload === undefined) return;
    const answer = await send({ ...request, payload }, headers);
    expectRefused(answer, ['idempotency-key-reused', 'malformed'], call);
  }

  async function expectShown(call: Call, touched: readonly number[]): Promise<void> {
    for (const place of touched) {
      if (model.accounts[place] !== undefined) await shown.account(model, place, now());
    }
    if (call.kind === 'correct' && call.person >= 0) await shown.person(model, call.person, now());
    await shown.books(model, now());
  }

  /** What was once, and what has become of a transaction. */
  async function lookBack(number: number): Promise<void> {
    const then = moments[(number * 7_919) % moments.length];
    if (then === undefined) return;
    const query = `as_of_position=${then.position}`;
    const [accounts, transactions] = [ids.accounts.length, ids.transactions.length];
    if (accounts > 0) await shown.account(then.model, (number * 31) % accounts, query);
    if (transactions === 0) return;
    await shown.transaction(then.model, (number * 17) % transactions, query);
    await shown.transaction(model, (number * 13) % transactions, now());
  }

  return {
    async take(step) {
      if (step.kind === 'again') return repeat(step.back, step.changed);
      const call = callOf(model, step.call);
      if (call !== undefined) await make(call, step);
      if (calls % LOOK_BACK === LOOK_BACK - 1) await lookBack(calls);
    },
    async compareAll() {
      for (const place of ids.accounts.keys()) await shown.account(model, place, now());
      for (const place of ids.persons.keys()) await shown.person(model, place, now());
      for (const place of ids.transactions.keys()) await shown.transaction(model, place, now());
      const then = moments[Math.floor(moments.length / 2)];
      if (then !== undefined) await shown.books(then.model, `as_of_position=${then.position}`);
    },
  };
}

function isIndependent(call: Call): call is Batch {
  return call.kind === 'batch' && call.mode === 'independent';
}
