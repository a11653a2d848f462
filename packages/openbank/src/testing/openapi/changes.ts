import fc from 'fast-check';
import type { Operation } from './document.ts';
import type { ApiRequest } from './requests.ts';

/** Makes another request of one, most often one that the document does not allow. */
export type Change = (request: ApiRequest) => ApiRequest;

const text = fc.string({ unit: 'binary', maxLength: 40 }).map((each) => each.toWellFormed());

const odd = fc.oneof(
  text,
  fc.constantFrom('', ' ', '0', '-1', '1e3', 'NaN', '__proto__', '\u0000', '\ud800', 'x'.repeat(2_000)),
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, 2 ** 53, 1e308, 5e-324),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 3 }),
  fc.bigInt({ min: 0n, max: 10n ** 20n }).map((units) => `${units / 100n}.${units % 100n}`),
);

/** Bodies that are no JSON, or none that a schema describes. */
const rawBody = fc.oneof(
  fc.constantFrom('', ' ', '{', '[]', 'null', '"x"', '{"__proto__":{}}', '{"a":1,"a":2}', '['.repeat(2_000)),
  text,
);

/** What a client can send as a header: other bytes never leave it. */
const headerText = fc.stringMatching(/^[\x20-\x7e]{0,40}$/);

/** Changes of a request to this operation, and sometimes none. */
export function changesOf({ parameters = [], requestBody }: Operation): fc.Arbitrary<Change> {
  const named = (where: string) => parameters.flatMap((each) => (each.in === where ? [each.name] : []));
  const ofQuery = fc
    .dictionary(
      fc.oneof(text, ...constants(named('query'))),
      fc.oneof(text, fc.array(text, { minLength: 2, maxLength: 2 })),
      {
        maxKeys: 2,
      },
    )
    .map(changed('query'));
  const ofHeaders = [...named('header'), 'content-type', 'accept', 'host', 'x-http-method-override'];
  const some = [
    { weight: 4, arbitrary: fc.constant<Change>((request) => request) },
    { weight: 1, arbitrary: ofQuery },
    {
      weight: 1,
      arbitrary: fc
        .dictionary(fc.constantFrom(...ofHeaders), headerText, { maxKeys: 2 })
        .map(changed('headers')),
    },
    ...constants(named('path')).map((name) => ({
      weight: 1,
      arbitrary: fc.dictionary(name, text, { minKeys: 1, maxKeys: 1 }).map(changed('path')),
    })),
  ];
  if (requestBody === undefined) return fc.oneof(...some);
  return fc.oneof(...some, { weight: 4, arbitrary: bodyChange }, { weight: 1, arbitrary: rawChange });
}

const rawChange = rawBody.map(
  (body): Change =>
    (request) => ({ ...request, body }),
);

/** One value somewhere in the body is replaced or removed, or one is added. */
const bodyChange = fc
  .record({
    at: fc.nat({ max: 1_000 }),
    kind: fc.constantFrom('replace', 'remove', 'add'),
    name: text,
    value: odd,
  })
  .map(({ at, kind, name, value }): Change => {
    return (request) => {
      const body: unknown = structuredClone(request.body);
      const places = objectsIn(body);
      const place = places[at % Math.max(places.length, 1)];
      if (place === undefined) return { ...request, body: value ?? 'null' };
      const fields = Object.keys(place);
      const field = fields[at % Math.max(fields.length, 1)] ?? name;
      if (kind === 'remove') Reflect.deleteProperty(place, field);
      else Object.defineProperty(place, kind === 'add' ? name : field, { ...FIELD, value });
      return { ...request, body };
    };
  });

/** Also `__proto__` becomes a field like others. */
const FIELD = { enumerable: true, configurable: true, writable: true };

function objectsIn(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

function changed(part: 'query' | 'headers' | 'path') {
  return (values: object): Change =>
    (request) => ({ ...request, [part]: { ...request[part], ...values } });
}

function constants(names: readonly string[]): readonly fc.Arbitrary<string>[] {
  return names.length === 0 ? [] : [fc.constantFrom(...names)];
}
