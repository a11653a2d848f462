import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';
import { documentOf } from '../testing/openapi/document.ts';

/** What is refused before an operation is reached, of every operation that the document describes. */
let open: MemoryBank;
let guarded: MemoryBank;
let full: MemoryBank;
beforeAll(async () => {
  open = await openMemoryBank();
  guarded = await openMemoryBank({ token: 'a-token-of-sixteen-and-more' });
  full = await openMemoryBank({ places: 0 });
});
afterAll(async () => {
  for (const bank of [open, guarded, full]) await bank.close();
});

/** All of the API, with ids of nobody. */
function operations() {
  const { paths } = documentOf(open.app);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods)
      .filter(() => path.startsWith('/api/v1'))
      .map((name) => ({
        method: methodOf(name),
        url: path.replaceAll(/\{[a-z_]+\}/g, '0'.repeat(32)),
      })),
  );
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH'] as const;

function methodOf(name: string) {
  const method = METHODS.find((each) => each === name.toUpperCase());
  if (method === undefined) throw new Error(`No operation was expected to be a ${name}.`);
  return method;
}

const writes = () => operations().filter(({ method }) => method !== 'GET');

it('without its token 401, and with another one', async () => {
  expect(operations().length).toBeGreaterThan(20);
  for (const headers of [{}, { authorization: 'Bearer another' }]) {
    for (const call of operations()) {
      const answer = await guarded.app.inject({ ...call, headers });
      expect(answer.json(), call.url).toMatchObject({ status: 401, code: 'unauthenticated' });
    }
  }
});

it('under the name of another host 403', async () => {
  for (const call of operations()) {
    const answer = await open.app.inject({ ...call, headers: { host: 'evil.example' } });
    expect(answer.json(), call.url).toMatchObject({ status: 403, code: 'host-not-allowed' });
  }
});

it('with a body that does not say that it is JSON 415', async () => {
  for (const call of writes()) {
    const headers = { 'content-type': 'text/plain' };
    const answer = await open.app.inject({ ...call, headers, payload: '{}' });
    expect(answer.json(), call.url).toMatchObject({ status: 415, code: 'unsupported-media-type' });
  }
});

it('with a body that is too large 413', async () => {
  const payload = { description: 'x'.repeat(2 * 1024 * 1024) };
  for (const call of writes()) {
    const answer = await open.app.inject({ ...call, payload });
    expect(answer.json(), call.url).toMatchObject({ status: 413, code: 'too-large' });
  }
});

it('with a body that is no JSON 400', async () => {
  for (const call of writes()) {
    const headers = { 'content-type': 'application/json' };
    const answer = await open.app.inject({ ...call, headers, payload: '{"amount": 1' });
    expect(answer.json(), call.url).toMatchObject({ status: 400, errors: [{ field: 'body' }] });
  }
});

it('when too much is going on 503, and when to ask again', async () => {
  const reads = operations().filter(({ method, url }) => method === 'GET' && !url.endsWith('/transactions'));
  for (const call of [...reads, { method: 'GET', url: '/api/v1/transactions?idempotency_key=k' } as const]) {
    const answer = await full.app.inject(call);
    expect(answer.json(), call.url).toMatchObject({ status: 503, code: 'overloaded' });
    expect(answer.headers['retry-after']).toBe('1');
  }
});
