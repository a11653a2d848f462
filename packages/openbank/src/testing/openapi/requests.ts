import type { InjectOptions } from 'fastify';
import type { Content, OpenApiDocument, Operation, Parameter, Schema } from './document.ts';
import { type ExampleOptions, exampleOf, examplesIn, withKnown } from './example-of.ts';
import { type Existing, valuesOf } from './existing.ts';

/** A request to an operation before it is sent, in the parts that the document describes. */
export interface ApiRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for none; a text is sent as it is. */
  readonly body: unknown;
}

export function bodySchema(operation: Operation): Schema | undefined {
  return bodyOf(operation)?.schema;
}

function bodyOf({ requestBody }: Operation): Content | undefined {
  return requestBody?.content['application/json'];
}

export function parametersOf(operation: Operation, where: Parameter['in']): readonly Parameter[] {
  return (operation.parameters ?? []).filter((parameter) => parameter.in === where);
}

/** Of a parameter or a body as a whole: they stand beside its schema. */
export function wholeExamples({ example, examples, schema }: Content): readonly unknown[] {
  if (examples !== undefined) return Object.values(examples).map(({ value }) => value);
  return example === undefined ? (schema.examples ?? []) : [example];
}

/** The request as it goes to the bank. */
export function injectionOf(operation: Operation, request: ApiRequest): InjectOptions {
  const { path, query, headers, body } = request;
  const url = operation.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(path[name] ?? ''),
  );
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, String(each)]),
  );
  const search = pairs.length === 0 ? '' : `?${new URLSearchParams(pairs)}`;
  const isRaw = typeof body === 'string' || body === undefined;
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    method: operation.method,
    url: url + search,
    headers: { ...type, ...headers },
    ...(body !== undefined && { payload: isRaw ? body : JSON.stringify(body) }),
  };
}

/**
 * The requests that the examples of an operation make, with ids of what exists: one for each example of its body, one
 * with the shortest body, and one for each example of each parameter.
 */
export function exampleRequests(
  operation: Operation,
  document: OpenApiDocument,
  existing: Existing,
): readonly ApiRequest[] {
  const known = (name: string): unknown => valuesOf(existing, name, operation.path)[0];
  const path = valuesFor(parametersOf(operation, 'path'), known);
  const query = valuesFor(
    parametersOf(operation, 'query').filter(({ required }) => required === true),
    known,
  );
  // A revision is of one state of one thing: see openapi-parameters.int.test.ts.
  const headers = parametersOf(operation, 'header').filter(({ name }) => name !== 'if-match');
  const bodies = exampleBodies(bodyOf(operation), { document, known });
  const plain = { path, query, headers: {}, body: bodies[0] };
  return [
    ...bodies.map((body) => ({ ...plain, body })),
    ...alone(parametersOf(operation, 'query'), known).map((one) => ({
      ...plain,
      query: { ...query, ...one },
    })),
    ...alone(headers, known).map((headers) => ({ ...plain, headers })),
  ];
}

function exampleBodies(content: Content | undefined, options: ExampleOptions): readonly unknown[] {
  if (content === undefined) return [undefined];
  const { schema } = content;
  const whole = wholeExamples(content);
  if (whole.length > 0) return whole.map((each) => withKnown(each, options));
  const count = examplesIn(schema, options.document);
  const full = Array.from({ length: count }, (_, at) => exampleOf(schema, { ...options, at }));
  return [...full, exampleOf(schema, { ...options, shortest: true })];
}

function valuesFor(
  parameters: readonly Parameter[],
  known: (name: string) => unknown,
): Record<string, string> {
  return Object.fromEntries(
    parameters.map((parameter) => [
      parameter.name,
      String(known(parameter.name) ?? wholeExamples(parameter)[0]),
    ]),
  );
}

/** Each parameter by itself, with each of its examples. */
function alone(
  parameters: readonly Parameter[],
  known: (name: string) => unknown,
): readonly Record<string, string>[] {
  return parameters.flatMap((parameter) => {
    const value = known(parameter.name);
    const values = value === undefined ? wholeExamples(parameter) : [value];
    return values.map((each) => ({ [parameter.name]: String(each) }));
  });
}
