import { Type } from 'typebox';
import type { App } from '../app.ts';
import type { HealthAnswer } from '../health.ts';
import type { HttpParts } from '../parts.ts';
import { HealthOut } from '../schemas/health.ts';
import { problems } from '../schemas/problem.ts';

export function healthRoutes(app: App, { health }: Pick<HttpParts, 'health'>): void {
  app.get(
    '/health/live',
    {
      schema: {
        operationId: 'live',
        tags: ['Operations'],
        summary: 'Whether the process runs',
        description: 'Answers as long as the process can answer anything. Needs no token.',
        response: {
          200: json('It runs.', Type.Object({ status: Type.String({ examples: ['live'] }) })),
        },
      },
    },
    async () => ({ status: 'live' }),
  );

  app.get(
    '/health/ready',
    {
      schema: {
        operationId: 'ready',
        tags: ['Operations'],
        summary: 'Whether requests should be sent here',
        description:
          'Not while the store is unreachable, a projection is stopped, or a read model is filled for the first time. Needs no token.',
        response: { 200: now('Ready.'), 503: now('Not ready.') },
      },
    },
    async (_request, reply) => {
      const { ready, ...report } = await health.check();
      reply.code(ready ? 200 : 503).header('Cache-Control', 'no-store');
      return { status: ready ? 'ready' : 'not-ready', ...report } satisfies HealthAnswer;
    },
  );
}

export function metricsRoute(app: App, { metrics }: Pick<HttpParts, 'metrics'>): void {
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'metrics',
        tags: ['Operations'],
        summary: 'Metrics',
        description:
          'Counters and gauges in the text format of Prometheus. Needs the token where the bank has one.',
        response: {
          200: { description: 'The metrics.', content: { 'text/plain': { schema: Type.String() } } },
          ...problems({ 401: ['unauthenticated'], 403: ['host-not-allowed'] }),
        },
      },
    },
    async (_request, reply) => {
      reply.type(metrics.contentType);
      return metrics.text();
    },
  );
}

function now(description: string) {
  const cacheControl = Type.String({ description: 'Not to be kept.', examples: ['no-store'] });
  return { ...json(description, HealthOut), headers: { 'Cache-Control': cacheControl } };
}

function json(description: string, schema: ReturnType<typeof Type.Object>) {
  return { description, content: { 'application/json': { schema } } };
}
