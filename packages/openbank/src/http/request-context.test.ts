import type { FastifyRequest } from 'fastify';
import { expect, it } from 'vitest';
import { newResourceId, requestContext } from './request-context.ts';

const contextOf = (headers: FastifyRequest['headers']) =>
  requestContext({
    actor: 'a',
    headers,
    method: 'POST',
    url: '/api/v1/persons?x=1',
    query: { x: '1' },
    body: { a: 1 },
  });

it('takes what the caller says of itself from the headers', () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const headers = { 'x-correlation-id': 'c-1', traceparent, 'idempotency-key': 'k', 'if-match': '"7"' };
  expect(contextOf(headers)).toMatchObject({
    actor: 'a',
    correlationId: 'c-1',
    traceparent,
    idempotencyKey: 'k',
    expectedRevision: 7,
    request: { method: 'POST', path: '/api/v1/persons', body: { a: 1 } },
  });
});

it('makes what the caller leaves out', () => {
  const { commandId, correlationId, causationId, ...rest } = contextOf({});
  expect(commandId).toMatch(/^[0-9a-f-]{36}$/);
  expect([correlationId, causationId]).toEqual([commandId, commandId]);
  expect(rest).toMatchObject({
    traceparent: undefined,
    idempotencyKey: undefined,
    expectedRevision: undefined,
  });
});

it.each([
  '',
  'x',
  '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
  'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  `00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01${'0'.repeat(9000)}`,
])('ignores the traceparent %j', (traceparent) => {
  expect(contextOf({ traceparent }).traceparent).toBeUndefined();
});

it('makes ids of 32 hex digits, ordered by time', async () => {
  const first = newResourceId();
  await new Promise((resolve) => setTimeout(resolve, 3));
  const second = newResourceId();
  expect(first).toMatch(/^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  expect(second > first).toBe(true);
});
