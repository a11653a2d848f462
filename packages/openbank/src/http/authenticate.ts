import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { LOCAL_ACTOR } from '../actor.ts';
import { isLoopbackAuthority } from '../loopback.ts';
import { ProblemError } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who sends it; undefined where no guard has looked at it. */
    actor: string | undefined;
  }
}

/** Looks at a request before anything else of it is read, and says who sends it. @throws ProblemError 401 or 403 */
type Guard = (request: FastifyRequest) => string;

/** With a token, every caller sends it; without one, only this machine is answered. */
export function createGuard(token: string | undefined): Guard {
  return token === undefined ? loopbackGuard() : bearerGuard(token);
}

/**
 * The socket is bound to loopback, but a page in a browser of this machine can reach it too: by a name of its own that
 * it lets point here (DNS rebinding). Its `Host` header then names that.
 */
function loopbackGuard(): Guard {
  // Almost all requests name the bank alike.
  let lastAllowed: string | undefined;
  return ({ headers: { host } }) => {
    if (host === lastAllowed) return LOCAL_ACTOR;
    if (host !== undefined && !isLoopbackAuthority(host)) throw hostNotAllowed();
    lastAllowed = host;
    return LOCAL_ACTOR;
  };
}

function hostNotAllowed(): ProblemError {
  return new ProblemError(
    403,
    'host-not-allowed',
    'Without OPENBANK_TOKEN only requests to localhost or 127.0.0.1 are answered: address the bank so, or set a token.',
  );
}

function bearerGuard(token: string): Guard {
  const expected = digest(token);
  return ({ headers: { authorization } }) => {
    const given = /^bearer +(?<token>[\x21-\x7e]+)$/i.exec(authorization ?? '')?.groups?.token;
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return LOCAL_ACTOR;
    throw unauthenticated();
  };
}

export function unauthenticated(): ProblemError {
  return new ProblemError(
    401,
    'unauthenticated',
    'Send the token of this bank: Authorization: Bearer followed by the value of OPENBANK_TOKEN.',
    { headers: { 'WWW-Authenticate': 'Bearer realm="openbank"' } },
  );
}

/** Of equal length for every token, so that a comparison tells nothing of it. */
function digest(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
