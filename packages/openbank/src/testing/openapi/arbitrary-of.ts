import fc from 'fast-check';
import { nameIn } from './closed-schemas.ts';
import type { OpenApiDocument, Schema } from './document.ts';
import { choices } from './example-of.ts';

export interface ArbitraryOptions {
  readonly document: OpenApiDocument;
  /** Values that are there, by the name of a field or parameter: they are drawn often. */
  readonly known: (name: string) => readonly string[];
}

const MISSING_ID = '0'.repeat(32);
/** Items of an array, whatever its schema allows. */
const MAX_ITEMS = 4;

/** Values that a schema describes, as far as it uses the keywords that the document uses. */
export function arbitraryOf(schema: Schema, options: ArbitraryOptions, name = ''): fc.Arbitrary<unknown> {
  if (schema.$ref !== undefined) {
    const target = options.document.components.schemas[nameIn(schema.$ref)];
    return arbitraryOf(target ?? {}, options, name);
  }
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const parts = choices(schema);
  if (parts.length > 0) return fc.oneof(...parts.map((part) => arbitraryOf(part, options, name)));
  return fc.oneof(...[schema.type ?? 'null'].flat().map((type) => ofType(type, schema, options, name)));
}

function ofType(
  type: string,
  schema: Schema,
  options: ArbitraryOptions,
  name: string,
): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      return strings(schema, options.known(name));
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -10, max: schema.maximum ?? 1_000 });
    case 'number':
      return fc.nat({ max: 100_000 }).map((cents) => (schema.minimum ?? 0) + cents / 100);
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(arbitraryOf(schema.items ?? {}, options, name), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? MAX_ITEMS, MAX_ITEMS),
      });
    case 'object':
      return objects(schema, options);
    default:
      return fc.constant(null);
  }
}

function objects(schema: Schema, options: ArbitraryOptions): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties: values } = schema;
  if (typeof values === 'object') {
    const { minLength = 1, maxLength = 40 } = schema.propertyNames ?? {};
    return fc.dictionary(fc.string({ minLength, maxLength }), arbitraryOf(values, options), { maxKeys: 3 });
  }
  const fields: Record<string, fc.Arbitrary<unknown>> = Object.fromEntries(
    Object.entries(properties).map(([name, each]) => [name, arbitraryOf(each, options, name)]),
  );
  return fc.record(fields, { requiredKeys: [...required] });
}

/** What is known most of all, sometimes an example, sometimes whatever else the schema allows. */
function strings(schema: Schema, known: readonly string[]): fc.Arbitrary<unknown> {
  const others = { weight: 1, arbitrary: anyString(schema) };
  const examples = schema.examples ?? [];
  if (known.length > 0) {
    const missing = known.some((each) => each.length === MISSING_ID.length) ? [MISSING_ID] : known;
    const there = { weight: 12, arbitrary: fc.constantFrom(...known) };
    return fc.oneof(there, { weight: 1, arbitrary: fc.constantFrom(...missing) }, others);
  }
  if (examples.length === 0) return others.arbitrary;
  return fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...examples) }, others);
}

function anyString({ pattern, format, minLength = 0, maxLength = 200 }: Schema): fc.Arbitrary<string> {
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (pattern === undefined) return fc.string({ unit: 'grapheme', minLength, maxLength });
  return fc.stringMatching(new RegExp(pattern)).filter((text) => text.length <= maxLength);
}
