import { randomUUIDv7 } from 'node:crypto';
import type { RequestContext } from '@openbank/eventsourcing';
import type { FastifyRequest } from 'fastify';

/** What comes with a message from HTTP: fresh ids, and what the caller said in its (validated) headers. */
export function requestContext(
  request: Pick<FastifyRequest, 'actor' | 'headers' | 'method' | 'url' | 'body' | 'query'>,
): RequestContext {
  const { actor, headers, method, url, body } = request;
  const commandId = randomUUIDv7();
  const correlationId = header(headers['x-correlation-id']) ?? commandId;
  return {
    commandId,
    correlationId,
    causationId: commandId,
    traceparent: traceparentIn(header(headers.traceparent)),
    actor,
    expectedRevision: revisionIn(header(headers['if-match'])),
    idempotencyKey: header(headers['idempotency-key']),
    dryRun: isDryRun(request),
    request: { method, path: pathOf(url), body },
  };
}

/** Whether a write is only tried (`?dry_run=true`). */
export function isDryRun({ query }: Pick<FastifyRequest, 'query'>): boolean {
  return typeof query === 'object' && query !== null && 'dry_run' in query && query.dry_run === 'true';
}

/** Id of a new person, account or transaction: 32 hex digits, ordered by time (UUIDv7 without dashes). */
export function newResourceId(): string {
  const id = randomUUIDv7();
  // Half the time of `replaceAll`, for every write.
  return id.slice(0, 8) + id.slice(9, 13) + id.slice(14, 18) + id.slice(19, 23) + id.slice(24);
}

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** W3C Trace Context: what does not follow it is ignored, so that a trace never breaks a request. */
function traceparentIn(text: string | undefined): string | undefined {
  return text !== undefined && TRACEPARENT.test(text) ? text : undefined;
}

/** `"3"` is 3. */
function revisionIn(etag: string | undefined): number | undefined {
  return etag === undefined ? undefined : Number(etag.slice(1, -1));
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function header(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
