import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { openMemoryBank } from '../testing/memory-bank.ts';
import { createSchemaChecks } from '../testing/openapi/closed-schemas.ts';
import { isDescribed } from '../testing/openapi/described.ts';
import { documentOf, operationsOf } from '../testing/openapi/document.ts';
import { drawnRequests } from '../testing/openapi/drawn-requests.ts';
import { makeExistingFor, valuesOf } from '../testing/openapi/existing.ts';
import { FAILED_SEEDS } from '../testing/openapi/failed-seeds.ts';
import { exampleRequests, injectionOf } from '../testing/openapi/requests.ts';

/** Requests to each operation: ten thousand by `OPENBANK_FUZZ=10000 ./openbank test int fuzz`. */
const RUNS = Number(process.env.OPENBANK_FUZZ ?? 60);

// Its answers are checked against the document, each of them.
const bank = await openMemoryBank();
afterAll(() => bank.close());
const document = documentOf(bank.app);
const checkOf = createSchemaChecks(document);
const operations = operationsOf(document).map((operation) => [operation.name, operation] as const);

it.each(operations)(
  '%s answers whatever it is asked as the document says, and never with a fault',
  {
    timeout: 60_000 + RUNS * 100,
  },
  async (name, operation) => {
    const existing = await makeExistingFor(name, bank.app, 6);
    const known = (field: string) => valuesOf(existing, field, operation.path);
    let successes = 0;
    const property = fc.asyncProperty(drawnRequests(operation, { document, known }), async (request) => {
      const { statusCode, body } = await bank.app.inject(injectionOf(operation, request));
      // The document describes 500 too, as what should not be; what passes by itself is 503.
      expect([500, 501, 502, 504], body).not.toContain(statusCode);
      if (statusCode >= 300) return;
      successes++;
      expect(isDescribed(operation, request, checkOf), 'what is taken is described').toBe(true);
    });
    for (const { operation: failed, ...seed } of FAILED_SEEDS) {
      if (failed === name) await fc.assert(property, { ...seed, numRuns: 1 });
    }
    const [example] = exampleRequests(operation, document, existing);
    await fc.assert(property, { numRuns: RUNS, examples: example === undefined ? [] : [[example]] });
    expect(successes).toBeGreaterThan(0);
  },
);

it('is ready and balanced after all of that', async () => {
  expect((await bank.app.inject('/health/ready')).json()).toMatchObject({ status: 'ready' });
  const { currencies } = (await bank.app.inject('/api/v1/trial-balance')).json();
  expect(currencies.length).toBeGreaterThan(0);
  for (const { currency, total } of currencies) expect(Number(total), currency).toBe(0);
});
