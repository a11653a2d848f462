import { type App, createApp } from './app.ts';
import { guardRoutes } from './guard-routes.ts';
import type { HttpParts } from './parts.ts';
import { createProblems } from './reply-problem.ts';
import { healthRoutes, metricsRoute } from './routes/operations.ts';
import { ProblemSchema } from './schemas/problem.ts';
import type { ServerOptions } from './server.ts';

/** What a process that only projects answers: how it is, and what it has counted. */
export async function createProjectorServer(
  parts: Pick<HttpParts, 'health' | 'metrics'>,
  { token, log }: ServerOptions,
): Promise<App> {
  const app = createApp(createProblems(log));
  app.addSchema(ProblemSchema);
  healthRoutes(app, parts);
  guardRoutes(app, token, (guarded) => metricsRoute(guarded, parts));
  await app.ready();
  return app;
}
