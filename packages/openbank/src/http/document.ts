import { pino } from 'pino';
import { createMetrics } from '../metrics.ts';
import type { HttpParts } from './parts.ts';
import { createServer } from './server.ts';

/**
 * The OpenAPI document of a bank, as `/api/openapi.json` answers it, without a bank: the routes are put together and
 * never called.
 *
 * @param token - as the bank is given it: with one, the document says that callers send it
 */
export async function openApiDocument(token: string | undefined): Promise<object> {
  const app = await createServer(routesOnly(), { token, log: pino({ level: 'silent' }) });
  try {
    return app.swagger();
  } finally {
    await app.close();
  }
}

function routesOnly(): HttpParts {
  return {
    bank: { send: neverCalled },
    reads: { find: neverCalled, answer: neverCalled, past: neverCalled },
    health: { check: neverCalled },
    metrics: createMetrics(),
    currency: 'USD',
  };
}

async function neverCalled(): Promise<never> {
  throw new Error('The routes are described here, and not called.');
}
