import { describe, expect, it } from 'vitest';
import { OpenBankError } from './open-bank-error.ts';
import { createRetryingFetch, type Patience } from './retrying-fetch.ts';

/** An answer, or what fetch throws. */
type Scripted = Response | Error;

const PATIENCE: Patience = { retries: 3, patience: 10_000, timeout: 1_000 };

/** A fetch that answers by a script, in a world where pauses take no time but are counted. */
function scripted(answers: readonly Scripted[], patience: Partial<Patience> = {}) {
  const left = [...answers];
  const sent: { readonly key: string | null; readonly body: string }[] = [];
  const pauses: number[] = [];
  let clock = 0;
  const send = createRetryingFetch(
    { ...PATIENCE, ...patience },
    {
      async fetch(input) {
        const request = new Request(input);
        sent.push({ key: request.headers.get('Idempotency-Key'), body: await request.text() });
        const next = left.shift();
        if (next === undefined) throw new Error('the script is at its end');
        if (next instanceof Error) throw next;
        return next;
      },
      now: () => clock,
      random: () => 0.5,
      async sleep(milliseconds) {
        pauses.push(milliseconds);
        clock += milliseconds;
      },
    },
  );
  return { send, sent, pauses };
}

function problem(status: number, code: string, headers: Readonly<Record<string, string>> = {}): Response {
  const body = { type: `urn:openbank:problem:${code}`, title: code, status, detail: `It is ${code}.`, code };
  return new Response(JSON.stringify(body), { status, headers });
}

const ok = (body: object = { id: 'a' }) => new Response(JSON.stringify(body), { status: 200 });

function unreached(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code }) });
}

const write = () =>
  new Request('http://localhost:8899/api/v1/transactions/deposit', {
    method: 'POST',
    headers: { 'Idempotency-Key': 'key-1' },
    body: '{"amount":"1.00"}',
  });
const read = () => new Request('http://localhost:8899/api/v1/persons');

async function failure(sent: Promise<Response>): Promise<OpenBankError> {
  const error = await sent.catch((thrown: unknown) => thrown);
  if (!(error instanceof OpenBankError)) throw error;
  return error;
}

describe('a call that may succeed later', () => {
  it.each([
    ['no answer', unreached('ECONNRESET')],
    ['no connection', unreached('ECONNREFUSED')],
    ['503', problem(503, 'overloaded', { 'Retry-After': '1' })],
    ['429', problem(429, 'too-many-requests')],
    ['a conflict', problem(409, 'conflict', { 'Retry-After': '1' })],
  ])('is sent again as it was, with the same key: after %s', async (_, first) => {
    const { send, sent } = scripted([first, ok()]);
    expect(await (await send(write())).json()).toEqual({ id: 'a' });
    const once = { key: 'key-1', body: '{"amount":"1.00"}' };
    expect(sent).toEqual([once, once]);
  });

  it('waits as long as the bank asks for', async () => {
    const { send, pauses } = scripted([problem(503, 'storage-full', { 'Retry-After': '7' }), ok()]);
    await send(write());
    expect(pauses).toEqual([7_050]);
  });

  it('waits twice as long each time where the bank asks for nothing', async () => {
    const lost = unreached('ECONNRESET');
    const { send, pauses } = scripted([lost, lost, lost, ok()]);
    await send(read());
    expect(pauses).toEqual([75, 150, 300]);
  });

  it('is given up after so many tries', async () => {
    const busy = () => problem(503, 'overloaded', { 'Retry-After': '1' });
    const { send, sent } = scripted([busy(), busy(), busy(), busy()]);
    expect(await failure(send(write()))).toMatchObject({ code: 'overloaded', status: 503, key: 'key-1' });
    expect(sent).toHaveLength(4);
  });

  it('is given up at once where the bank asks for more time than there is', async () => {
    const { send, sent } = scripted([problem(503, 'storage-full', { 'Retry-After': '30' })]);
    expect(await failure(send(write()))).toMatchObject({ code: 'storage-full' });
    expect(sent).toHaveLength(1);
  });

  it('counts an answer that is cut as none', async () => {
    const cut = new ReadableStream({
      start: (controller) => controller.error(unreached('ECONNRESET')),
    });
    const { send, sent } = scripted([new Response(cut, { status: 200 }), ok()]);
    expect((await send(write())).status).toBe(200);
    expect(sent).toHaveLength(2);
  });
});

describe('a call that was answered', () => {
  it.each([
    [400, 'malformed'],
    [401, 'unauthenticated'],
    [404, 'account-not-found'],
    [409, 'something-else'],
    [412, 'precondition-failed'],
    [422, 'insufficient-funds'],
    [500, 'internal-error'],
  ])('is not sent again: %s %s', async (status, code) => {
    const { send, sent } = scripted([problem(status, code)]);
    expect(await failure(send(write()))).toMatchObject({ status, code, detail: `It is ${code}.` });
    expect(sent).toHaveLength(1);
  });

  it('says so where something else than a bank has answered', async () => {
    const { send } = scripted([new Response('<h1>Bad gateway</h1>', { status: 502 })]);
    expect(await failure(send(read()))).toMatchObject({ status: 502, code: 'not-a-problem', key: undefined });
  });
});

describe('what is said of a write that failed', () => {
  const outcomeUnknown = async (...answers: readonly Scripted[]) =>
    (await failure(scripted(answers, { retries: answers.length - 1 }).send(write()))).outcomeUnknown;

  it('is that it may have been done, where no answer says otherwise', async () => {
    expect(await outcomeUnknown(unreached('ECONNRESET'))).toBe(true);
    expect(await outcomeUnknown(problem(503, 'outcome-unknown'))).toBe(true);
    expect(await outcomeUnknown(problem(500, 'internal-error'))).toBe(true);
    expect(await outcomeUnknown(unreached('ECONNRESET'), problem(503, 'overloaded'))).toBe(true);
    expect(await outcomeUnknown(unreached('ECONNRESET'), unreached('ECONNREFUSED'))).toBe(true);
  });

  it('is that nothing was done, where that is known', async () => {
    expect(await outcomeUnknown(unreached('ECONNREFUSED'))).toBe(false);
    expect(await outcomeUnknown(problem(503, 'overloaded'))).toBe(false);
    expect(await outcomeUnknown(problem(422, 'insufficient-funds'))).toBe(false);
    // Had the first try been done, its answer would have come again.
    expect(await outcomeUnknown(unreached('ECONNRESET'), problem(422, 'insufficient-funds'))).toBe(false);
  });

  it.each([
    ['a wrong token', problem(401, 'unauthenticated')],
    ['a wrong address', problem(403, 'host-not-allowed')],
    ['a path that is none', problem(404, 'route-not-found')],
    ['a transaction that is looked for before its reversal', problem(404, 'transaction-not-found')],
    ['an erased person, of whom a repeat shows nothing either', problem(410, 'person-erased')],
    ['a request that is judged before its key', problem(400, 'malformed')],
    ['a size that is judged before its key', problem(413, 'too-large')],
    ['a refusal in no words of a bank', new Response('<h1>Forbidden</h1>', { status: 403 })],
    ['a code that the client does not know', problem(422, 'something-new')],
  ])('is still that it may have been done, after a lost answer and %s', async (_, last) => {
    expect(await outcomeUnknown(unreached('ECONNRESET'), last)).toBe(true);
  });

  it.each([
    [404, 'account-not-found'],
    [412, 'precondition-failed'],
    [422, 'account-closed'],
    [422, 'interest-already-recorded'],
    [422, 'idempotency-key-reused'],
  ])('is that nothing was done, after a lost answer and %s %s', async (status, code) => {
    expect(await outcomeUnknown(unreached('ECONNRESET'), problem(status, code))).toBe(false);
  });

  it('never is of a read', async () => {
    const { send } = scripted([unreached('ECONNRESET')], { retries: 0 });
    expect(await failure(send(read()))).toMatchObject({
      code: 'no-answer',
      status: 0,
      outcomeUnknown: false,
      detail: 'No answer came from http://localhost:8899 (ECONNRESET).',
    });
  });
});

it('ends at once when the caller aborts, with the reason of the caller', async () => {
  const stop = new AbortController();
  const send = createRetryingFetch(PATIENCE, {
    async fetch() {
      stop.abort(new Error('enough'));
      throw new Error('aborted');
    },
    now: () => 0,
    random: Math.random,
    sleep: () => Promise.reject(new Error('it did not end')),
  });
  await expect(send(new Request(read(), { signal: stop.signal }))).rejects.toThrow('enough');
});
