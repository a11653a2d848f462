import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly operationId?: string;
  readonly tags?: readonly string[];
  readonly responses: Readonly<Record<string, { description: string; content?: Record<string, object> }>>;
}

let bank: MemoryBank;
let document: { openapi: string; paths: Record<string, Record<string, Operation>> };
beforeAll(async () => {
  bank = await openMemoryBank();
  document = (await bank.app.inject('/api/openapi.json')).json();
});
afterAll(() => bank.close());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );

/** The routes that there are: what is added is added here too. */
const ROUTES = [
  'POST /api/v1/persons',
  'GET /api/v1/persons',
  'GET /api/v1/persons/{id}',
  'POST /api/v1/accounts',
  'GET /api/v1/accounts',
  'GET /api/v1/accounts/{id}',
  'GET /api/v1/accounts/by-owner/{owner_id}',
  'POST /api/v1/accounts/{id}/deposit',
  'POST /api/v1/transactions/deposit',
  'POST /api/v1/accounts/{id}/withdrawal',
  'POST /api/v1/transactions/withdrawal',
  'POST /api/v1/transactions/transfer',
  'GET /api/v1/accounts/{id}/transactions',
  'GET /api/v1/transactions/{id}',
  'GET /api/v1/trial-balance',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
];

it('is a valid document of OpenAPI 3.1', async () => {
  const result = await new Validator().validate(structuredClone(document));
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  expect(document.openapi).toMatch(/^3\.1\./);
});

it('describes exactly the routes that there are', () => {
  expect(
    operations()
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...ROUTES].sort());
  const answered = routesOf(bank.app.printRoutes({ commonPrefix: false }));
  const documented = [...ROUTES, 'GET /', 'GET /api/openapi.json'];
  expect(answered.filter((route) => !route.includes('/api/docs')).sort()).toEqual(documented.sort());
});

it('describes what every operation is for, what it answers and how it fails', () => {
  for (const { name, operation } of operations()) {
    expect(operation, name).toMatchObject({
      summary: expect.any(String),
      description: expect.any(String),
      operationId: expect.any(String),
      tags: [expect.any(String)],
    });
    for (const [status, { description, content }] of Object.entries(operation.responses)) {
      expect(description, `${name} ${status}`).not.toBe('Default Response');
      if (Number(status) < 400 || name.includes('/health/')) continue;
      expect(Object.keys(content ?? {}), `${name} ${status}`).toEqual(['application/problem+json']);
    }
    if (name === 'GET /metrics') {
      expect(Object.keys(operation.responses)).toEqual(['200', '401', '403']);
    }
    if (name.includes('/api/v1/')) {
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['400', '401', '403', '500', '503']),
      );
    }
  }
});

it('has a reference page that loads nothing from elsewhere', async () => {
  const page = await bank.app.inject('/api/docs');
  expect(page.statusCode).toBe(200);
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("default-src 'self'");
  // A bank that is reached by plain HTTP shows the page too.
  expect(policy).not.toMatch(/upgrade-insecure-requests|https:|validator|[*]/);
  expect(page.body).toContain('<title>OpenBank API</title>');
  const initializer = await bank.app.inject('/api/docs/static/swagger-initializer.js');
  expect(initializer.body).toContain('"layout":"BaseLayout"');
  const linked = [...page.body.matchAll(/(?:src|href)="(?<url>[^"]+)"/g)].map(
    (match) => match.groups?.url ?? '',
  );
  expect(linked.length).toBeGreaterThan(3);
  for (const url of linked) {
    expect(url).not.toMatch(/^(https?:)?\/\//);
    const path = new URL(url, 'http://localhost/api/docs').pathname;
    expect((await bank.app.inject(path)).statusCode, url).toBe(200);
  }
});

it('leads a browser that asks for nothing to the reference page', async () => {
  const answer = await bank.app.inject('/');
  expect(answer.statusCode).toBe(302);
  expect(answer.headers.location).toBe('/api/docs');
});

/** `GET /api/v1/accounts/{id}` from Fastify's drawing of its routes. */
function routesOf(drawing: string): readonly string[] {
  const parts: string[] = [];
  const routes: string[] = [];
  for (const line of drawing.split('\n')) {
    const match = /^(?<indent>[│ ]*)[├└]── (?<part>\S+)(?: \((?<methods>[^)]+)\))?/.exec(line);
    if (match?.groups === undefined) continue;
    const { indent = '', part = '', methods } = match.groups;
    parts.length = indent.length / 4;
    parts.push(part);
    for (const method of methods?.split(', ') ?? []) {
      const path = parts.join('').replaceAll(/:(\w+)/g, '{$1}');
      if (method !== 'HEAD') routes.push(`${method} ${path}`);
    }
  }
  return routes;
}
