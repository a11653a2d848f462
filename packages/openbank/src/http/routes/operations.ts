import { Type } from 'typebox';
import type { App } from '../app.ts';
import type { HttpParts } from '../parts.ts';

const NullablePosition = Type.Union([Type.String({ examples: ['0000000000000042'] }), Type.Null()]);

const ProjectionReport = Type.Object({
  name: Type.String({ examples: ['accounts'] }),
  version: Type.Number({ examples: [1] }),
  status: Type.String({
    examples: ['running'],
    description:
      '`running`, `filling` (queries are not answered from it yet), `waiting` (its store takes nothing for now) or `stopped`.',
  }),
  live: Type.Boolean({ description: 'Whether queries are answered from this version.', examples: [true] }),
  position: NullablePosition,
  target: Type.Union([Type.String(), Type.Null()], {
    description: 'While it is being filled: the position where it takes over.',
    examples: [null],
  }),
  lag_ms: Type.Number({ description: 'Age of the oldest event that it does not show yet.', examples: [0] }),
  reason: Type.Union([Type.String(), Type.Null()], {
    description: 'Why it has stopped or waits: a code, and the event. The log says more.',
    examples: [null],
  }),
});

const Report = Type.Object({
  status: Type.String({ examples: ['ready'], description: '`ready` or `not-ready`.' }),
  store: Type.String({ examples: ['ok'], description: '`ok`, `read-only` or `unreachable`.' }),
  head: NullablePosition,
  projections: Type.Array(ProjectionReport),
});

export function healthRoutes(app: App, { health }: HttpParts): void {
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
        response: { 200: json('Ready.', Report), 503: json('Not ready.', Report) },
      },
    },
    async (_request, reply) => {
      const { ready, ...report } = await health.check();
      reply.code(ready ? 200 : 503).header('Cache-Control', 'no-store');
      return { status: ready ? 'ready' : 'not-ready', ...report };
    },
  );
}

export function metricsRoute(app: App, { metrics }: HttpParts): void {
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'metrics',
        tags: ['Operations'],
        summary: 'Metrics',
        description: 'Counters and gauges in the text format of Prometheus.',
        response: {
          200: { description: 'The metrics.', content: { 'text/plain': { schema: Type.String() } } },
        },
      },
    },
    async (_request, reply) => {
      reply.type(metrics.contentType);
      return metrics.text();
    },
  );
}

function json(description: string, schema: ReturnType<typeof Type.Object>) {
  return { description, content: { 'application/json': { schema } } };
}
