import { afterAll, describe, expect, it } from 'vitest';
import { openMemoryBank } from '../testing/memory-bank.ts';
import { createSchemaChecks } from '../testing/openapi/closed-schemas.ts';
import { documentOf, type Operation, operationsOf } from '../testing/openapi/document.ts';
import { makeExistingFor } from '../testing/openapi/existing.ts';
import { type ApiRequest, bodySchema, exampleRequests, injectionOf } from '../testing/openapi/requests.ts';

const bank = await openMemoryBank();
afterAll(() => bank.close());
const document = documentOf(bank.app);
const checkOf = createSchemaChecks(document);
const operations = operationsOf(document).filter(({ path }) => path.startsWith('/api/v1/'));

/** Those that take a parameter, for `it.each`. */
const taking = (name: string) =>
  operations
    .filter(({ parameters = [] }) => parameters.some((parameter) => parameter.name === name))
    .map((operation) => [operation.name, operation] as const);

const namesOf = (some: ReturnType<typeof taking>) => some.map(([name]) => name);

async function example(operation: Operation): Promise<ApiRequest> {
  const existing = await makeExistingFor(operation.name, bank.app);
  const [request] = exampleRequests(operation, document, existing);
  if (request === undefined) throw new Error(`${operation.name} has no example`);
  return request;
}

const send = (operation: Operation, request: ApiRequest) => bank.app.inject(injectionOf(operation, request));
const head = async (): Promise<string> => (await bank.app.inject('/health/ready')).json().head;

describe.each(operations.map((operation) => [operation.name, operation] as const))(
  '%s',
  (_name, operation) => {
    it('refuses each parameter that is not as it is described, and names it', async () => {
      const request = await example(operation);
      for (const { in: where, name, schema } of operation.parameters ?? []) {
        const value = [' ', 'no such value', '%'].find((each) => checkOf(schema)(each).length > 0);
        if (value === undefined) continue;
        const part = where === 'header' ? 'headers' : where;
        const { statusCode, body } = await send(operation, {
          ...request,
          [part]: { ...request[part], [name]: value },
        });
        expect(statusCode, name).toBe(400);
        expect(body.toLowerCase()).toContain(`"field":"${name}"`);
      }
    });

    it('refuses query parameters and fields that are not described, and names them', async () => {
      const request = await example(operation);
      const answer = await send(operation, { ...request, query: { ...request.query, undescribed: '1' } });
      expect(answer.json()).toMatchObject({ status: 400, errors: [{ field: 'undescribed' }] });
      if (bodySchema(operation) === undefined) return;
      const body = { ...Object(request.body), undescribed: 1 };
      expect((await send(operation, { ...request, body })).json()).toMatchObject({
        status: 400,
        errors: [{ field: 'undescribed' }],
      });
    });
  },
);

const writes = operations.filter(({ method }) => method !== 'GET').map(({ name }) => name);

it('describes for every write how to repeat it safely, to try it, and what it is known by', () => {
  for (const name of ['idempotency-key', 'dry_run', 'x-correlation-id', 'traceparent']) {
    expect(namesOf(taking(name))).toEqual(expect.arrayContaining(writes));
  }
  // A batch is about no single account.
  const onOne = writes.filter((name) => !name.endsWith('/batch'));
  expect(namesOf(taking('if-match'))).toEqual(onOne);
});

it.each(taking('idempotency-key'))('%s with an Idempotency-Key is done once', async (_name, operation) => {
  const request = await example(operation);
  const headers = { 'idempotency-key': crypto.randomUUID() };
  const first = await send(operation, { ...request, headers });
  const position = await head();
  const again = await send(operation, { ...request, headers });
  // An item of a batch says by itself that it was done before.
  const answer = again.body.replaceAll('"replayed":true', '"replayed":false');
  expect([again.statusCode, answer]).toEqual([first.statusCode, first.body]);
  expect(first.headers).not.toHaveProperty('idempotency-replayed');
  expect(again.headers['idempotency-replayed']).toBe('true');
  expect(await head()).toBe(position);
});

it.each(taking('if-match'))('%s with a revision that is past records nothing', async (_name, operation) => {
  const request = await example(operation);
  const position = await head();
  const answer = await send(operation, { ...request, headers: { 'if-match': '"777"' } });
  expect(answer.json()).toMatchObject({ status: 412, code: 'precondition-failed' });
  expect(await head()).toBe(position);
});

it.each(taking('dry_run'))(
  '%s as a dry run says what it would, and records nothing',
  async (_name, operation) => {
    const request = await example(operation);
    const position = await head();
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const dry = await send(operation, { ...request, headers, query: { ...request.query, dry_run: 'true' } });
    expect(dry.headers['openbank-dry-run']).toBe('true');
    expect(await head()).toBe(position);
    const real = await send(operation, { ...request, headers });
    expect([dry.statusCode, shapeOf(dry.json())]).toEqual([real.statusCode, shapeOf(real.json())]);
    expect(real.headers).not.toHaveProperty('idempotency-replayed');
  },
);

/** Without what differs from call to call: ids that are made and times. */
function shapeOf(answer: object): string {
  return JSON.stringify(answer).replaceAll(/[0-9a-f]{32}|\d{4}-\d{2}-\d{2}T[^"]+/g, '...');
}

it.each([...taking('min_position'), ...taking('openbank-min-position')])(
  '%s waits for no position that is none of this bank',
  async (_name, operation) => {
    const request = await example(operation);
    const none = '9'.repeat(16);
    const inQuery = await send(operation, { ...request, query: { ...request.query, min_position: none } });
    expect(inQuery.json()).toMatchObject({ status: 400, errors: [{ field: 'min_position' }] });
    const inHeader = await send(operation, { ...request, headers: { 'openbank-min-position': none } });
    expect(inHeader.json()).toMatchObject({ status: 400, errors: [{ field: 'OpenBank-Min-Position' }] });
  },
);
