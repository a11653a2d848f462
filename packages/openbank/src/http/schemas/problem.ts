import { Type } from 'typebox';

/** The document of every error (RFC 9457). */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ examples: ['urn:openbank:problem:malformed'] }),
    title: Type.String({ examples: ['Malformed'] }),
    status: Type.Integer({ examples: [400] }),
    detail: Type.String({ examples: ['The request cannot be understood: amount is missing.'] }),
    code: Type.String({ description: 'Stable: programs may branch on it.', examples: ['malformed'] }),
    instance: Type.Optional(
      Type.String({
        description: "Names this occurrence in the server's log.",
        examples: ['urn:uuid:5f0c6a52-8e0f-4d53-9f6e-0a4f4f1b2c3d'],
      }),
    ),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          field: Type.String({ examples: ['amount'] }),
          message: Type.String({ examples: ['is missing'] }),
        }),
        { description: 'What is wrong with which part of the request.' },
      ),
    ),
    resource_id: Type.Optional(
      Type.String({
        description: 'With `outcome-unknown`: the resource that was meant to be made.',
        examples: ['0199f1c64b7d7c3a9f0e2d5b8a6c4e10'],
      }),
    ),
  },
  { $id: 'Problem', description: 'An error, as RFC 9457 describes it.' },
);

const TEXTS: Readonly<Record<number, string>> = {
  400: 'The request is malformed; each wrong field is named.',
  401: 'The bearer token is missing or wrong.',
  403: 'The server has no token and answers only requests that name this machine.',
  404: 'It does not exist. What cannot be known at the moment is a 503, never this.',
  409: 'Others kept changing it meanwhile; nothing was recorded.',
  410: 'The person was erased.',
  412: 'It has changed since the revision in `If-Match`; nothing was recorded.',
  413: 'The body is too large.',
  415: 'The body is not JSON, or does not say so.',
  422: 'A rule of the bank forbids it, or the idempotency key belongs to another request; nothing was recorded.',
  500: 'A fault of the server; `instance` names it in the log.',
  503: 'Not now: see `code` and `Retry-After`. After `outcome-unknown`, repeat the call with the same key.',
};

const RETRY_AFTER = {
  'Retry-After': Type.String({ description: 'When to ask again, in seconds.', examples: ['1'] }),
};

const HEADERS: Readonly<Record<number, object>> = {
  401: {
    'WWW-Authenticate': Type.String({
      description: 'How to say who you are.',
      examples: ['Bearer realm="openbank"'],
    }),
  },
  409: RETRY_AFTER,
  503: RETRY_AFTER,
};

/** Codes of requests that reach no operation, by their statuses. */
const WITHOUT_OPERATION = {
  400: 'malformed',
  404: 'route-not-found',
  405: 'method-not-allowed',
  408: 'request-timeout',
  413: 'too-large',
  414: 'uri-too-long',
  417: 'expectation-failed',
  431: 'too-large',
} as const;

/** How requests are answered that reach no operation, in words: `404` and its code and so on. */
export const ANSWERS_WITHOUT_OPERATION = Object.entries(WITHOUT_OPERATION)
  .map(([status, code]) => `${status} \`${code}\``)
  .join(', ');

/** The error responses of an operation; `codes` names what `code` can be. */
export function problems(codes: Readonly<Record<number, readonly string[]>>) {
  return Object.fromEntries(
    Object.entries(codes).map(([status, names]) => [
      status,
      {
        description: `${TEXTS[Number(status)] ?? ''} Codes: ${names.map((name) => `\`${name}\``).join(', ')}.`,
        ...(HEADERS[Number(status)] && { headers: HEADERS[Number(status)] }),
        content: { 'application/problem+json': { schema: Type.Ref('Problem') } },
      },
    ]),
  );
}

const EVERYWHERE = {
  401: ['unauthenticated'],
  403: ['host-not-allowed'],
  500: ['internal-error'],
} as const;

export const WRITE_PROBLEMS = {
  ...EVERYWHERE,
  400: ['malformed'],
  409: ['conflict'],
  410: ['person-erased'],
  412: ['precondition-failed'],
  413: ['too-large'],
  415: ['unsupported-media-type'],
  503: ['outcome-unknown', 'overloaded', 'storage-full', 'store-unavailable'],
} as const;

export const READ_PROBLEMS = {
  ...EVERYWHERE,
  400: ['malformed'],
  503: ['read-model-behind', 'overloaded', 'store-unavailable'],
} as const;
