import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from './app.ts';

const DESCRIPTION = `An event-sourced bank.

**Money** leaves as a decimal string with its currency's digits, and enters as such a string or as a JSON number that
carries it exactly. **Writes** take an \`Idempotency-Key\`: the same key with the same request gets the first answer
again. They answer \`OpenBank-Position\`; a read with it as \`min_position\` shows what was written. **Errors** are
problem documents (RFC 9457) with a stable \`code\`. Ids, positions and codes are opaque: send them back as they came.`;

/**
 * The OpenAPI document, made from the routes, at `/api/openapi.json`, and the reference page at `/api/docs`, which loads
 * nothing from elsewhere. Call it before routes are added.
 */
export async function documentRoutes(
  app: App,
  { needsToken }: { readonly needsToken: boolean },
): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'OpenBank',
        version: '1',
        description: DESCRIPTION,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'This bank.' }],
      tags: [
        { name: 'Persons', description: 'Who can own accounts.' },
        { name: 'Accounts', description: 'What holds money.' },
        { name: 'Transactions', description: 'What moves money.' },
        { name: 'Operations', description: 'For those who run the bank.' },
      ],
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'The value of OPENBANK_TOKEN.' },
        },
      },
      security: needsToken ? [{ token: [] }] : [{}, { token: [] }],
    },
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) => String(json.$id ?? `def-${index}`),
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: true,
    uiConfig: { deepLinking: true, tryItOutEnabled: true, validatorUrl: null },
  });
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
