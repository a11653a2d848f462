import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';
import { codesOf, type OpenApiDocument, type Operation, operationsOf } from '../testing/openapi/document.ts';
import { parametersOf } from '../testing/openapi/requests.ts';

let bank: MemoryBank;
let document: OpenApiDocument;
let operations: readonly Operation[];
beforeAll(async () => {
  bank = await openMemoryBank();
  document = (await bank.app.inject('/api/openapi.json')).json();
  operations = operationsOf(document);
});
afterAll(() => bank.close());

/** What the document does not describe: itself, its page, and what leads there. */
const isHidden = (route: string): boolean => /^GET \/(api\/docs.*|api\/openapi\.json)?$/.test(route);

it('is a valid document of OpenAPI 3.1', async () => {
  const result = await new Validator().validate({ ...structuredClone(document) });
  expect(result.errors ?? []).toEqual([]);
  expect(result.valid).toBe(true);
  expect(document.openapi).toMatch(/^3\.1\./);
});

it('describes exactly the routes that there are', () => {
  const answered = routesOf(bank.app.printRoutes({ commonPrefix: false }));
  expect(operations.length).toBeGreaterThan(17);
  expect(operations.map(({ name }) => name).sort()).toEqual(
    answered.filter((route) => !isHidden(route)).sort(),
  );
});

it('describes each parameter of a path, and none that the path has not', () => {
  for (const operation of operations) {
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const described = parametersOf(operation, 'path');
    expect(described.map(({ name }) => name).sort(), operation.name).toEqual(inPath.sort());
    for (const { required } of described) expect(required, operation.name).toBe(true);
  }
});

it('gives every operation a name of its own, from which clients make theirs', () => {
  const names = operations.map(({ operationId }) => operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z]+$/);
});

it('describes what every operation is for, what it answers and how it fails', () => {
  for (const operation of operations) {
    const { name } = operation;
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
      expect(codesOf({ description }), `${name} ${status}`).not.toEqual([]);
    }
    if (name === 'GET /metrics') {
      expect(Object.keys(operation.responses)).toEqual(['200', '401', '403']);
    }
    for (const parameter of operation.parameters ?? []) {
      expect(parameter.description, `${name} ${parameter.name}`).toEqual(expect.any(String));
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
