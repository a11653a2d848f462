import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { App } from '../../http/app.ts';

const payloads = new WeakMap<IncomingMessage, string>();

/**
 * What a handler of an app of this process has answered, as JSON; undefined where it answered no object. The serializer
 * of a response leaves out what its schema does not name, and makes of values what the schema wants, and says nothing.
 */
export function payloadOf(request: IncomingMessage): string | undefined {
  return payloads.get(request);
}

// Fastify tells of each new app before it has routes: afterwards no hook would see them.
subscribe('fastify.initialization', (message) => {
  if (!tellsOfApp(message)) return;
  message.fastify.addHook('preSerialization', (request, _reply, payload, done) => {
    payloads.set(request.raw, JSON.stringify(payload));
    done(null, payload);
  });
});

function tellsOfApp(message: unknown): message is { readonly fastify: App } {
  return typeof message === 'object' && message !== null && 'fastify' in message;
}
