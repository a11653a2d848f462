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

export const NoQuery = Type.Object({}, { additionalProperties: false });
