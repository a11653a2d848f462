import fc from 'fast-check';
import { type ArbitraryOptions, arbitraryOf } from './arbitrary-of.ts';
import { changesOf } from './changes.ts';
import type { Operation, Parameter } from './document.ts';
import { type ApiRequest, bodySchema, parametersOf } from './requests.ts';

/** Requests to an operation: as the document describes them, and changed so that it may not allow them any more. */
export function drawnRequests(operation: Operation, options: ArbitraryOptions): fc.Arbitrary<ApiRequest> {
  return fc
    .tuple(describedRequests(operation, options), changesOf(operation))
    .map(([request, change]) => change(request));
}

function describedRequests(operation: Operation, options: ArbitraryOptions): fc.Arbitrary<ApiRequest> {
  const parameters = (where: Parameter['in']) => parametersArbitrary(parametersOf(operation, where), options);
  const schema = bodySchema(operation);
  const described = schema === undefined ? fc.constant(undefined) : arbitraryOf(schema, options);
  const body =
    operation.requestBody?.required === false ? fc.option(described, { nil: undefined }) : described;
  return fc.record({
    path: parameters('path'),
    query: parameters('query'),
    headers: parameters('header'),
    body,
  });
}

/** Each that may be left out is left out mostly: most of them alone decide about the answer. */
function parametersArbitrary(
  parameters: readonly Parameter[],
  options: ArbitraryOptions,
): fc.Arbitrary<Record<string, string>> {
  const pairs = parameters.map(({ name, required, schema }) => {
    const value = arbitraryOf(schema, options, name).map(String);
    const drawn = required ? value : fc.option(value, { nil: undefined, freq: 3 });
    return fc.tuple(fc.constant(name), drawn);
  });
  return fc
    .tuple(...pairs)
    .map((drawn) =>
      Object.fromEntries(drawn.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))),
    );
}
