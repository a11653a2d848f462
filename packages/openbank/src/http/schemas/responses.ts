import { type TSchema, Type } from 'typebox';

const position = Type.String({
  description:
    'Where the log is after this write: a read with it as `min_position` shows what was written. Absent where nothing was: in a dry run, or in a batch of which every item was refused.',
  examples: ['0000000000000042'],
});
const replayed = Type.String({
  description: '`true` where this is the first answer again, to a repeated `Idempotency-Key`.',
  examples: ['true'],
});

const dryRun = Type.String({
  description: '`true` where nothing was recorded, since the call had asked for a dry run.',
  examples: ['true'],
});

/** What answers to writes say beside themselves; in a dry run there is no position. */
const writeHeaders = {
  'OpenBank-Position': position,
  'Idempotency-Replayed': replayed,
  'OpenBank-Dry-Run': dryRun,
};

const etag = Type.String({
  description: 'Revision of what is shown; absent in a dry run.',
  examples: ['"3"'],
});

/** An answer as JSON with its headers, in the words of OpenAPI, from which the serializer is made too. */
function json<Schema extends TSchema>(description: string, schema: Schema, headers: object) {
  return { description, headers, content: { 'application/json': { schema } } };
}

export function created<Schema extends TSchema>(description: string, schema: Schema) {
  const location = Type.String({
    description: 'Where it can be read; absent in a dry run.',
    examples: ['/api/v1/accounts/0199f1c64b7d7c3a9f0e2d5b8a6c4e10'],
  });
  return json(description, schema, { Location: location, ETag: etag, ...writeHeaders });
}

export function changed<Schema extends TSchema>(description: string, schema: Schema) {
  return json(description, schema, { ETag: etag, ...writeHeaders });
}

export function booked<Schema extends TSchema>(description: string, schema: Schema) {
  return json(description, schema, writeHeaders);
}

const asOf = {
  'OpenBank-As-Of-Position': Type.String({
    description:
      'Where the log was, in an answer about the past: `as_of_position` with it gives the same answer.',
    examples: ['0000000000000042'],
  }),
};

/** Of a read that can be asked for the past. */
export function nowOrThen<Schema extends TSchema>(description: string, schema: Schema) {
  return json(description, schema, asOf);
}

/** The same of what has a revision. */
export function foundNowOrThen<Schema extends TSchema>(description: string, schema: Schema) {
  return json(description, schema, { ETag: etag, ...asOf });
}

export function found<Schema extends TSchema>(description: string, schema: Schema) {
  return json(description, schema, { ETag: etag });
}

export function answered<Schema extends TSchema>(description: string, schema: Schema) {
  return json(description, schema, {});
}
