import { nameIn } from './closed-schemas.ts';
import type { OpenApiDocument, Schema } from './document.ts';

export interface ExampleOptions {
  readonly document: OpenApiDocument;
  /** Which of several examples; the last one where there are fewer. */
  readonly at?: number;
  /** Leaves out what may be left out. */
  readonly shortest?: boolean;
  /** What replaces the example of a field, by its name. */
  readonly known?: (name: string) => unknown;
  /** Told of fields that have no example. */
  readonly onMissing?: (path: string) => void;
}

/** A value that is put together from the examples of a schema's fields. */
export function exampleOf(schema: Schema, options: ExampleOptions, path = ''): unknown {
  if (schema.$ref !== undefined) {
    const target = options.document.components.schemas[nameIn(schema.$ref)];
    return exampleOf(target ?? {}, options, path);
  }
  const given = ownExamples(schema);
  if (given.length > 0) return withKnown(given[Math.min(options.at ?? 0, given.length - 1)], options);
  const [choice] = choices(schema);
  if (choice !== undefined) return exampleOf(choice, options, path);
  if (schema.properties !== undefined) return objectOf(schema, options, path);
  if (schema.items !== undefined) return arrayOf(schema.items, options, path);
  if (schema.type !== 'null' && schema.type !== 'object') options.onMissing?.(path);
  return schema.type === 'object' ? {} : null;
}

/** How many examples the field has that has most. */
export function examplesIn(schema: Schema, document: OpenApiDocument): number {
  let most = 1;
  const see = (each: Schema): void => {
    most = Math.max(most, ownExamples(each).length);
    if (each.$ref !== undefined) see(document.components.schemas[nameIn(each.$ref)] ?? {});
    for (const part of [...Object.values(each.properties ?? {}), ...choices(each)]) see(part);
    if (each.items !== undefined) see(each.items);
  };
  see(schema);
  return most;
}

function ownExamples({ examples, example, const: only }: Schema): readonly unknown[] {
  if (only !== undefined) return [only];
  return examples ?? (example === undefined ? [] : [example]);
}

export function choices({ anyOf, oneOf }: Schema): readonly Schema[] {
  return anyOf ?? oneOf ?? [];
}

/** An example of a whole object, with what is known in it. */
export function withKnown(example: unknown, { known }: Pick<ExampleOptions, 'known'>): unknown {
  if (typeof example !== 'object' || example === null || known === undefined) return example;
  if (Array.isArray(example)) return example.map((each: unknown) => withKnown(each, { known }));
  const fields = Object.entries(example).map(([name, value]) => [
    name,
    known(name) ?? withKnown(value, { known }),
  ]);
  return Object.fromEntries(fields);
}

function objectOf(schema: Schema, options: ExampleOptions, path: string): object {
  const { properties = {}, required = [], minProperties = 0 } = schema;
  const all = Object.entries(properties);
  const needed = all.filter(([name]) => !options.shortest || required.includes(name));
  const wanted = needed.length < minProperties ? all.slice(0, minProperties) : needed;
  return Object.fromEntries(
    wanted.map(([name, schema]) => [
      name,
      options.known?.(name) ?? exampleOf(schema, options, `${path}.${name}`),
    ]),
  );
}

/** One item of each kind. */
function arrayOf(items: Schema, options: ExampleOptions, path: string): readonly unknown[] {
  const kinds = choices(items);
  return (kinds.length === 0 ? [items] : kinds).map((kind, at) => exampleOf(kind, options, `${path}.${at}`));
}
