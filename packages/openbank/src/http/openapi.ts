import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from './app.ts';
import { documentAbsentBodies } from './optional-bodies.ts';
import { ANSWERS_WITHOUT_OPERATION } from './schemas/problem.ts';

const DESCRIPTION = `An event-sourced bank.

**Money** leaves as a decimal string with its currency's digits, and enters as such a string or as a JSON number that
carries it exactly. **Writes** take an \`Idempotency-Key\`: the same key with the same request gets the first answer
again. They answer \`OpenBank-Position\`; a read with it as \`min_position\` shows what was written. **Errors** are
problem documents (RFC 9457) with a stable \`code\`; what reaches no operation is answered so too:
${ANSWERS_WITHOUT_OPERATION}. Ids, positions and cursors are opaque: send them back as they came.`;

/** Nothing from elsewhere. Swagger UI styles elements in place and has its icons in its style sheet. */
const CONTENT_SECURITY_POLICY = {
  'default-src': "'self'",
  'img-src': "'self' data:",
  'style-src': "'self' 'unsafe-inline'",
  'base-uri': "'self'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
};

const ICON = {
  filename: 'icon.svg',
  rel: 'icon',
  type: 'image/svg+xml',
  sizes: 'any',
  content:
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#246" d="M8 1l7 4v1H1V5zM2 7h2v5H2zm5 0h2v5H7zm5 0h2v5h-2zM1 13h14v2H1z"/></svg>',
};

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
    transformObject: (document) =>
      documentAbsentBodies('openapiObject' in document ? document.openapiObject : document.swaggerObject),
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) => String(json.$id ?? `def-${index}`),
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: CONTENT_SECURITY_POLICY,
    theme: { title: 'OpenBank API', favicon: [ICON] },
    // Without the bar at the top, which shows a logo of others and an address to type.
    uiConfig: { deepLinking: true, tryItOutEnabled: true, validatorUrl: null, layout: 'BaseLayout' },
  });
  // Who types the address of the bank into a browser.
  app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.redirect('/api/docs'));
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}
