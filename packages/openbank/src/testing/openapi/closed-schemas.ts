import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { OpenApiDocument, Schema } from './document.ts';

/** What is wrong with a value, in words for whoever mends it; nothing where it is right. */
export type Check = (value: unknown) => readonly string[];

/**
 * Makes checks of the document's schemas that are stricter than the schemas: an object may have only the fields that its
 * schema names. Each is compiled when it is first used.
 */
export function createSchemaChecks({ components }: OpenApiDocument): (schema: Schema) => Check {
  const ajv = new Ajv2020({
    allErrors: true,
    allowUnionTypes: true,
    discriminator: true,
    keywords: ['x-must', 'example'],
  });
  formats.default(ajv);
  for (const [name, schema] of Object.entries(components.schemas)) ajv.addSchema(closed(schema), name);
  const compiled = new Map<Schema, Check>();
  return (schema) => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const validate = ajv.compile(closed(schema));
    const check: Check = (value) => (validate(value) ? [] : (validate.errors ?? []).map(inWords));
    compiled.set(schema, check);
    return check;
  };
}

/** A name of the document's components: `#/components/schemas/Account` is `Account`. */
export function nameIn(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

/** A copy whose objects take no field that they do not name, and that refers to the components by their names. */
function closed(schema: object): object {
  const fields = Object.entries(schema).flatMap(([keyword, value]) =>
    keyword === '$id' ? [] : [[keyword, keyword === '$ref' ? nameIn(String(value)) : inside(keyword, value)]],
  );
  const copy: object = Object.fromEntries(fields);
  return 'properties' in copy && !('additionalProperties' in copy)
    ? { ...copy, additionalProperties: false }
    : copy;
}

/** Keywords whose values are no schemas, but may look like some. */
const VALUES = new Set(['examples', 'example', 'default', 'const', 'enum', 'required']);

function inside(keyword: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || VALUES.has(keyword)) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => inside('', each));
  if (keyword !== 'properties') return closed(value);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inside('', each)]));
}

function inWords({ instancePath, message, params }: ErrorObject): string {
  const more = 'additionalProperty' in params ? ` (${params.additionalProperty})` : '';
  return `${instancePath === '' ? 'the body' : instancePath} ${message}${more}`;
}
