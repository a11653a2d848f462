import type { App } from './app.ts';
import { createGuard } from './authenticate.ts';

/** Registers routes that a guard looks at first. */
export function guardRoutes(app: App, token: string | undefined, routes: (guarded: App) => void): void {
  const guard = createGuard(token);
  app.decorateRequest('actor', undefined);
  void app.register((guarded: App, _options, done) => {
    guarded.addHook('onRequest', (request, _reply, next) => {
      request.actor = guard(request);
      next();
    });
    routes(guarded);
    done();
  });
}
