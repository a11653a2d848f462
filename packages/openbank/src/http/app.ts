import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import { fastify } from 'fastify';
import { readJsonOnly } from './json-body.ts';
import { collectRoutes } from './known-routes.ts';
import { takeAbsentBodies } from './optional-bodies.ts';
import type { ProblemError } from './problem.ts';
import { replyProblem } from './reply-problem.ts';
import { answerExpectation, answerSocketError } from './socket-errors.ts';

/** A Fastify instance whose handlers get their types from their schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression<RawServerDefault>,
  RawReplyDefaultExpression<RawServerDefault>,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Bytes of a body. Nothing that the bank records is that large. */
const BODY_LIMIT = 65_536;

/**
 * An empty server that is strict about requests and answers every error as a problem document: also those that no
 * route ever sees.
 */
export function createApp(problemOf: (error: unknown) => ProblemError): App {
  const replyError = (error: unknown, reply: FastifyReply): void => replyProblem(problemOf(error), reply);
  // Without a logger of its own: nothing is logged about a request that goes well, and what fails goes to ours.
  const app: App = fastify({
    bodyLimit: BODY_LIMIT,
    // Fastify strips unknown fields, turns "5" into 5 and fills in defaults unless it is told not to; but a request is
    // hashed as it was sent.
    ajv: {
      customOptions: {
        removeAdditional: false,
        coerceTypes: false,
        useDefaults: false,
        allErrors: true,
        verbose: true,
        allowUnionTypes: true,
        strictNumbers: true,
        discriminator: true,
        keywords: ['x-must'],
      },
    },
    // What was accepted is answered, also while closing: see lifecycle.ts.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestTimeout: 30_000,
    http: { requireHostHeader: false },
    clientErrorHandler: answerSocketError,
    frameworkErrors: (error, _request, reply) => replyError(error, reply),
  }).withTypeProvider<TypeBoxTypeProvider>();
  const routes = collectRoutes(app);
  app.server.on('checkExpectation', answerExpectation);
  readJsonOnly(app);
  takeAbsentBodies(app);
  const replyMiss = ({ method, url }: FastifyRequest, reply: FastifyReply): void =>
    replyProblem(routes.miss(method, url), reply);
  app.setErrorHandler((error, request, reply) =>
    isUnroutedQuery(error) ? replyMiss(request, reply) : replyError(error, reply),
  );
  app.setNotFoundHandler(replyMiss);
  return app;
}

/** Of a QUERY without a Content-Type Fastify says so before it looks whether a route takes it, and none does. */
function isUnroutedQuery(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'FST_ERR_ROUTE_MISSING_CONTENT_TYPE';
}
