import type { Check } from './closed-schemas.ts';
import type { Operation, Schema } from './document.ts';
import { type ApiRequest, bodySchema, parametersOf } from './requests.ts';

/** Whether the document allows a request; nothing else may succeed. */
export function isDescribed(
  operation: Operation,
  request: ApiRequest,
  checkOf: (schema: Schema) => Check,
): boolean {
  const fits = (schema: Schema, value: unknown): boolean => checkOf(schema)(value).length === 0;
  const parametersFit = (['path', 'query', 'header'] as const).every((where) => {
    const given: Readonly<Record<string, unknown>> = request[where === 'header' ? 'headers' : where];
    const known = parametersOf(operation, where);
    const areFit = known.every(({ name, schema, required }) =>
      name in given ? fits(schema, given[name]) : !required,
    );
    // Headers that are not described are not looked at, nor is the query of what answers probes and scrapers.
    const isOpen = where === 'header' || !operation.path.startsWith('/api/');
    const isKnown = (name: string) => isOpen || known.some((each) => each.name === name);
    return areFit && Object.keys(given).every(isKnown);
  });
  return parametersFit && bodyFits(operation, request, fits);
}

function bodyFits(
  operation: Operation,
  { body }: ApiRequest,
  fits: (schema: Schema, value: unknown) => boolean,
): boolean {
  const schema = bodySchema(operation);
  if (body === undefined) return schema === undefined || operation.requestBody?.required !== true;
  if (schema === undefined) return false;
  return fits(schema, typeof body === 'string' ? parsed(body) : JSON.parse(JSON.stringify(body)));
}

/** Undefined, which no schema takes, where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
