import type { Metrics } from '../metrics.ts';
import type { App } from './app.ts';

/** Measures every answer by its route. Call it before routes are added: each gets a hook that knows its name. */
export function measure(app: App, metrics: Metrics): void {
  app.addHook('onRoute', (route) => {
    const { url } = route;
    const hooks = [route.onResponse ?? []].flat();
    route.onResponse = [
      ...hooks,
      (request, reply, done) => {
        metrics.answered(request.method, url, reply.statusCode, reply.elapsedTime / 1000);
        done();
      },
    ];
  });
}
