import type { Logger } from 'pino';
import { type App, createApp } from './app.ts';
import { createGuard } from './authenticate.ts';
import { measure } from './measure.ts';
import { documentRoutes } from './openapi.ts';
import type { HttpParts } from './parts.ts';
import { accountRoutes } from './routes/accounts.ts';
import { healthRoutes, metricsRoute } from './routes/operations.ts';
import { personRoutes } from './routes/persons.ts';
import { transactionRoutes } from './routes/transactions.ts';
import { AccountOpened, AccountOut } from './schemas/accounts.ts';
import { PersonOut } from './schemas/persons.ts';
import { ProblemSchema } from './schemas/problem.ts';
import { BookedOut } from './schemas/transactions.ts';

export interface ServerOptions {
  readonly token: string | undefined;
  readonly log: Logger;
}

/** The HTTP interface of the bank, ready to listen. */
export async function createServer(parts: HttpParts, { token, log }: ServerOptions): Promise<App> {
  const app = createApp(log);
  const guard = createGuard(token);
  measure(app, parts.metrics);
  for (const schema of [ProblemSchema, PersonOut, AccountOpened, AccountOut, BookedOut])
    app.addSchema(schema);
  await documentRoutes(app, { needsToken: token !== undefined });
  healthRoutes(app, parts);
  await app.register(async (guarded: App) => {
    guarded.addHook('onRequest', (request, _reply, done) => {
      guard(request);
      done();
    });
    metricsRoute(guarded, parts);
    await guarded.register(
      async (api: App) => {
        personRoutes(api, parts);
        accountRoutes(api, parts);
        transactionRoutes(api, parts);
      },
      { prefix: '/api/v1' },
    );
  });
  return app;
}
