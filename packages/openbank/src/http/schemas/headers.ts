import { type Static, Type } from 'typebox';

const Trace = {
  'x-correlation-id': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,128}$',
      description:
        'What the whole conversation is known by; recorded with each event. Made where it is absent.',
      examples: ['checkout-8812'],
      'x-must': 'be 1 to 128 visible ASCII characters',
    }),
  ),
  traceparent: Type.Optional(
    Type.String({
      description: 'W3C trace context; recorded with each event. Ignored where it is malformed, as W3C asks.',
      examples: ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
    }),
  ),
};

export const WriteHeaders = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      pattern: '^[\\x21-\\x7e]{1,255}$',
      description:
        'Makes the call happen once: the same key with the same request gets the first answer again, for ever.',
      examples: ['2f1d7c9e-invoice-4711'],
      'x-must': 'be 1 to 255 visible ASCII characters without blanks',
    }),
  ),
  'if-match': Type.Optional(
    Type.String({
      pattern: '^"(?:0|[1-9][0-9]{0,14})"$',
      description:
        'Only if it is still at this revision, the `ETag` of a read; else 412, and nothing is recorded.',
      examples: ['"3"'],
      'x-must': 'be an ETag as a read gave it, such as "3" with its quotes',
    }),
  ),
  ...Trace,
});

const { 'if-match': _ifMatch, ...batchHeaders } = WriteHeaders.properties;
/** A batch is about no single account. */
export const BatchHeaders = Type.Object(batchHeaders);

const position = (description: string) =>
  Type.String({
    pattern: '^[0-9]{1,128}$',
    description,
    examples: ['0000000000000042'],
    'x-must': 'be a position as OpenBank-Position gave it',
  });

export const ReadHeaders = Type.Object({
  'openbank-min-position': Type.Optional(position('The same as the query parameter `min_position`.')),
  ...Trace,
});
export type ReadHeaders = Static<typeof ReadHeaders>;

export const ReadQuery = Type.Object(
  {
    min_position: Type.Optional(
      position(
        'Waits until the answer shows what was written at this position (`OpenBank-Position` of the write), at most two seconds.',
      ),
    ),
  },
  { additionalProperties: false },
);
export type ReadQuery = Static<typeof ReadQuery>;

const asOf = {
  as_of: Type.Optional(
    Type.String({
      pattern:
        '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?([Zz]|[+-][0-9]{2}:[0-9]{2})$',
      description:
        'What was there at this time (RFC 3339; in an address, + is %2B), by replay of the log. The answer names its position.',
      examples: ['2025-11-24T21:55:10.123456Z'],
      'x-must':
        'be a time of RFC 3339 to the microsecond, such as 2025-11-24T21:55:10Z (in an address, + is %2B)',
    }),
  ),
  as_of_position: Type.Optional(
    position(
      'What was there when the log had come to this position, by replay: `OpenBank-Position` of a write.',
    ),
  ),
};

/** Of reads that can be asked for the past. */
export const NowOrThenQuery = Type.Object(
  { ...asOf, ...ReadQuery.properties },
  { additionalProperties: false },
);
export type NowOrThenQuery = Static<typeof NowOrThenQuery>;

export const ByKeyQuery = Type.Object(
  {
    idempotency_key: Type.String({
      pattern: '^[\\x21-\\x7e]{1,261}$',
      description: 'The `Idempotency-Key` of the call.',
      examples: ['2f1d7c9e-invoice-4711'],
      'x-must': 'be an idempotency key: visible ASCII characters without blanks',
    }),
    ...ReadQuery.properties,
  },
  { additionalProperties: false },
);

/** The query parameter of every write. */
export const WriteQuery = Type.Object(
  {
    dry_run: Type.Optional(
      Type.Unsafe<'true' | 'false'>({
        type: 'string',
        enum: ['true', 'false'],
        description:
          '`true`: the answer that would be given, and nothing is recorded; `OpenBank-Dry-Run: true` says so. An `Idempotency-Key` is not used up by it.',
        examples: ['true'],
        'x-must': 'be true or false',
      }),
    ),
  },
  { additionalProperties: false },
);
