import { type TSchema, Type } from 'typebox';

const position = Type.String({
  description: 'Where the log is after this write: a read with it as `min_position` shows what was written.',
  examples: ['0000000000000042'],
});
const replayed = Type.String({
  description: '`true` where this is the first answer again, to a repeated `Idempotency-Key`.',
  examples: ['true'],
});

/** An answer as JSON with its headers, in the words of OpenAPI, from which the serializer is made too. */
function json<Schema extends TSchema>(description: string, schema: Schema, headers: object) {
  return { description, headers, content: { 'application/json': { schema } } };
}

export function created<Schema extends TSchema>(description: string, schema: Schema) {
  const location = Type.String({ description: 'Where it can be read.' });
  return json(description, schema, {
    Location: location,
    'OpenBank-Position': position,
    'Idempotency-Replayed': replayed,
  });
}

export function booked<Schema extends TSchema>(description: string, schema: Schema) {
  return json(description, schema, { 'OpenBank-Position': position, 'Idempotency-Replayed': replayed });
}

export function found<Schema extends TSchema>(description: string, schema: Schema) {
  const etag = Type.String({ description: 'Revision of what is shown.', examples: ['"3"'] });
  return json(description, schema, { ETag: etag });
}

export function answered<Schema extends TSchema>(description: string, schema: Schema) {
  return json(description, schema, {});
}
