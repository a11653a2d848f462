import { afterAll, expect, it } from 'vitest';
import { openMemoryBank } from '../testing/memory-bank.ts';
import { createSchemaChecks } from '../testing/openapi/closed-schemas.ts';
import { documentOf, operationsOf } from '../testing/openapi/document.ts';
import { exampleOf, examplesIn } from '../testing/openapi/example-of.ts';
import { makeExistingFor } from '../testing/openapi/existing.ts';
import { bodySchema, exampleRequests, injectionOf, wholeExamples } from '../testing/openapi/requests.ts';

const bank = await openMemoryBank();
afterAll(() => bank.close());
const document = documentOf(bank.app);
const operations = operationsOf(document).map((operation) => [operation.name, operation] as const);

it.each(operations)('the examples of %s make requests that the bank takes', async (name, operation) => {
  const existing = await makeExistingFor(name, bank.app);
  const { length } = exampleRequests(operation, document, existing);
  for (let at = 0; at < length; at++) {
    // Each in a world of its own: what can be done once is done once.
    const request = exampleRequests(operation, document, await makeExistingFor(name, bank.app))[at];
    if (request === undefined) continue;
    const injection = injectionOf(operation, request);
    const { statusCode, body } = await bank.app.inject(injection);
    expect(statusCode, `${JSON.stringify(injection)} ${body}`).toBeLessThan(300);
  }
});

it.each(operations)(
  'every parameter and every field of a request to %s has an example',
  (_name, operation) => {
    const missing: string[] = [];
    const schema = bodySchema(operation);
    if (schema !== undefined) exampleOf(schema, { document, onMissing: (path) => void missing.push(path) });
    for (const parameter of operation.parameters ?? []) {
      // A cursor is what the page before says: none that is written here would be real.
      if (parameter.name === 'cursor') continue;
      if (wholeExamples(parameter).length === 0) missing.push(parameter.name);
    }
    expect(missing).toEqual([]);
  },
);

it.each(operations)('every answer of %s has an example, which is such an answer', (_name, { responses }) => {
  const checkOf = createSchemaChecks(document);
  const missing: string[] = [];
  for (const [status, { content = {}, headers = {} }] of Object.entries(responses)) {
    const onMissing = (path: string) => void missing.push(`${status}${path}`);
    for (const [name, { schema }] of Object.entries(headers)) {
      exampleOf(schema, { document, onMissing }, `.${name}`);
    }
    for (const [type, { schema }] of Object.entries(content)) {
      if (!type.endsWith('json')) continue;
      for (let at = 0; at < examplesIn(schema, document); at++) {
        const example = exampleOf(schema, { document, at, onMissing });
        expect(checkOf(schema)(example), `${status} ${JSON.stringify(example)}`).toEqual([]);
      }
    }
  }
  expect(missing).toEqual([]);
});
