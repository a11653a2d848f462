import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/**
 * Takes no body as an empty object where that is all that the route needs: for a repeat under one key they are the same
 * request. Call it before routes are added.
 */
export function takeAbsentBodies(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (!mayBeAbsent(route.schema?.body)) return;
    route.preValidation = [fillIn, ...[route.preValidation ?? []].flat()];
  });
}

function fillIn(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  if (request.body === undefined) request.body = {};
  done();
}

/** Says in the OpenAPI document which bodies may be left out; Fastify's plugin calls them all required. */
export function documentAbsentBodies<Document extends object>(document: Document): Document {
  for (const operation of operationsIn(document)) {
    if (!('requestBody' in operation) || !isObject(operation.requestBody)) continue;
    const { requestBody } = operation;
    if (mayBeAbsent(schemaIn(requestBody))) Object.assign(requestBody, { required: false });
  }
  return document;
}

/** Whether an empty object fits a schema. */
function mayBeAbsent(schema: unknown): boolean {
  if (!isObject(schema) || !('properties' in schema) || 'minProperties' in schema) return false;
  return !('required' in schema) || (Array.isArray(schema.required) && schema.required.length === 0);
}

function operationsIn(document: object): readonly object[] {
  const paths = 'paths' in document ? membersOf(document.paths) : [];
  return paths.flatMap(membersOf).filter(isObject);
}

function schemaIn(requestBody: object): unknown {
  if (!('content' in requestBody)) return undefined;
  const [json] = membersOf(requestBody.content);
  return isObject(json) && 'schema' in json ? json.schema : undefined;
}

function membersOf(value: unknown): readonly unknown[] {
  return isObject(value) ? Object.values(value) : [];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
