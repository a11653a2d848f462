import type { LightMyRequestResponse } from 'fastify';
import type { Ids } from './requests.ts';

interface Booked {
  readonly transaction?: { readonly id: string };
  readonly fee?: { readonly id: string } | null;
}

/** An item of a batch, as it was answered. */
export interface Item extends Booked {
  readonly status: 'done' | 'refused';
  readonly replayed: boolean;
  readonly problem?: { readonly code: string };
}

/** Ids of the transactions that an answer tells of. */
export function transactionsIn(answer: Booked | undefined): readonly string[] {
  return [answer?.transaction, answer?.fee].flatMap((each) => (each ? [each.id] : []));
}

/** @throws Error - it was refused, or is told to have been done before */
export function expectAccepted(response: LightMyRequestResponse, asked: object): void {
  if (response.statusCode >= 300 || response.headers['idempotency-replayed'] !== undefined)
    throw unexpected(response, asked, 'accepted');
}

/** @throws Error - it was not refused for one of these reasons */
export function expectRefused(
  response: LightMyRequestResponse,
  codes: readonly string[],
  asked: object,
): void {
  const { statusCode } = response;
  if (statusCode < 400 || statusCode >= 500 || !codes.includes(response.json().code))
    throw unexpected(response, asked, `refused for ${codes.join(' or ')}`);
}

/** @throws Error - a dry run was answered otherwise than the call itself, but for new ids and times */
export function expectSame(tried: LightMyRequestResponse, done: LightMyRequestResponse, ids: Ids): void {
  const known = new Set([...ids.persons, ...ids.accounts, ...ids.transactions]);
  const masked = ({ statusCode, body }: LightMyRequestResponse) =>
    `${statusCode} ${body.replaceAll(TIME, 'then').replaceAll(ID, (id) => (known.has(id) ? id : 'new'))}`;
  if (masked(tried) === masked(done)) return;
  throw new Error(`The dry run was answered ${masked(tried)}, and the call itself ${masked(done)}`);
}

const ID = /[0-9a-f]{32}/g;
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+Z/g;

/** @throws Error - the first answer was another */
export function expectAgain(
  first: LightMyRequestResponse,
  again: LightMyRequestResponse,
  asked: object,
): void {
  const isSame = again.body === first.body && again.statusCode === first.statusCode;
  if (isSame && again.headers['idempotency-replayed'] === 'true') return;
  throw unexpected(again, asked, `replayed: ${first.body}`);
}

/**
 * @param outcomes - of each item, the rules that it breaks: none, it is done
 * @param before - what items that an earlier call has done were answered
 * @returns what each item that is done was answered
 * @throws Error - an item was answered otherwise
 */
export function expectItems(
  response: LightMyRequestResponse,
  outcomes: readonly (readonly string[])[],
  before: readonly (Item | undefined)[],
  asked: object,
): readonly (Item | undefined)[] {
  if (response.statusCode !== 200) throw unexpected(response, asked, 'answered item by item');
  const items: readonly Item[] = response.json().items;
  return outcomes.map((refusals, index) => {
    const [item, first] = [items[index], before[index]];
    const problem = itemProblem(item, refusals, first);
    if (problem !== undefined) throw unexpected(response, asked, `${problem} in item ${index}`);
    return first ?? (item?.status === 'done' ? item : undefined);
  });
}

/** What an item should be instead; undefined where it is that. */
function itemProblem(
  item: Item | undefined,
  refusals: readonly string[],
  first: Item | undefined,
): string | undefined {
  if (first !== undefined) {
    const replay = JSON.stringify({ ...first, replayed: true });
    return JSON.stringify(item) === replay ? undefined : replay;
  }
  const code = item?.problem?.code ?? '';
  if (refusals.length > 0) return refusals.includes(code) ? undefined : refusals.join(' or ');
  return item?.status === 'done' && !item.replayed ? undefined : 'done';
}

function unexpected({ statusCode, body }: LightMyRequestResponse, asked: object, expected: string): Error {
  const text = JSON.stringify(asked, (_, value) => (typeof value === 'bigint' ? String(value) : value));
  return new Error(`${text} should be ${expected}, and was answered ${statusCode} ${body}`);
}
