import type { FastifyInstance } from 'fastify';
import { ProblemError } from './problem.ts';

/** The routes there are, for telling a wrong method from a wrong path. */
export interface KnownRoutes {
  /** What is answered where no route fits: 405 with `Allow`, or 404. */
  miss(method: string, url: string): ProblemError;
}

/** Call it before routes are added. */
export function collectRoutes(app: FastifyInstance): KnownRoutes {
  const methods = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const known = methods.get(url) ?? new Set();
    methods.set(url, known);
    for (const one of [method].flat()) known.add(one);
  });
  return {
    miss(method, url) {
      const path = url.split('?', 1)[0] ?? '';
      const allowed = methodsAt(path);
      if (allowed.length > 0) return methodNotAllowed(method, allowed);
      return path.endsWith('/') && methodsAt(path.slice(0, -1)).length > 0 ? slashTooMany() : routeNotFound();
    },
  };

  function methodsAt(path: string): readonly string[] {
    const fitting = [...methods].filter(([pattern]) => matches(pattern, path));
    return fitting.flatMap(([, known]) => [...known]);
  }
}

/** `/accounts/:id` and `/api/docs/*`, part by part. */
function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return false;
  return wanted.every(
    (part, index) => part === given[index] || (part.startsWith(':') && given[index] !== ''),
  );
}

function methodNotAllowed(method: string, allowed: readonly string[]): ProblemError {
  const allow = [...new Set(allowed)].sort().join(', ');
  return new ProblemError(405, 'method-not-allowed', `This path does not take ${method}: use ${allow}.`, {
    headers: { Allow: allow },
  });
}

function slashTooMany(): ProblemError {
  return new ProblemError(
    404,
    'route-not-found',
    'There is nothing at this path: leave out the slash at its end.',
  );
}

function routeNotFound(): ProblemError {
  return new ProblemError(
    404,
    'route-not-found',
    'There is nothing at this path: see /api/docs for what there is.',
  );
}
