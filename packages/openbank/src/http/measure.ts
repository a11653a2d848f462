import type { Metrics } from '../metrics.ts';
import type { App } from './app.ts';

/** Measures every answer by its route. Call it before routes are added: each gets a hook that knows its name. */
export function measure(app: App, metrics: Metrics): void {
  app.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    const answered = new Map(methods.map((method) => [method, metrics.answers(method, route.url)]));
    const hooks = [route.onResponse ?? []].flat();
    route.onResponse = [
      ...hooks,
      (request, reply, done) => {
        answered.get(request.method)?.(reply.statusCode, reply.elapsedTime / 1000);
        done();
      },
    ];
  });
}
