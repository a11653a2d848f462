import type { FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './app.ts';
import { unavailable } from './problem.ts';

/** Requests of the API that may be answered at once, those that wait for a read model or a commit included. */
const PLACES = 2_048;

/**
 * Bounds the requests that are being answered: one more is refused at once, not queued. Call it before routes are added.
 */
export function gate(api: App, places: number = PLACES): void {
  let inFlight = 0;
  api.addHook('onRoute', (route) => {
    const { handler } = route;
    route.handler = function gated(request: FastifyRequest, reply: FastifyReply) {
      if (inFlight >= places) throw unavailable('overloaded', TOO_MUCH, 1);
      const answer: unknown = handler.call(this, request, reply);
      if (!(answer instanceof Promise)) return answer;
      inFlight++;
      // Beside the answer, not between it and the caller: that would cost every request a turn.
      answer.then(leave, leave);
      return answer;
    };
  });

  function leave(): void {
    inFlight--;
  }
}

// A call that is turned away here was not even read: its key may have been used by an earlier one.
const TOO_MUCH =
  'Too many requests are being answered: this call has recorded nothing; repeat it in a moment with the same key.';
