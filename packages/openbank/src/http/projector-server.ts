import { type App, createApp } from './app.ts';
import { createGuard } from './authenticate.ts';
import type { HttpParts } from './parts.ts';
import { healthRoutes, metricsRoute } from './routes/operations.ts';
import { ProblemSchema } from './schemas/problem.ts';
import type { ServerOptions } from './server.ts';

/** What a process that only projects answers: how it is, and what it has counted. */
export async function createProjectorServer(
  parts: Pick<HttpParts, 'health' | 'metrics'>,
  { token, log }: ServerOptions,
): Promise<App> {
  const app = createApp(log);
  const guard = createGuard(token);
  app.decorateRequest('actor', undefined);
  app.addSchema(ProblemSchema);
  healthRoutes(app, parts);
  void app.register((guarded: App, _options, done) => {
    guarded.addHook('onRequest', (request, _reply, next) => {
      request.actor = guard(request);
      next();
    });
    metricsRoute(guarded, parts);
    done();
  });
  await app.ready();
  return app;
}
