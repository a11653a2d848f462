import type { FastifySchemaValidationError } from 'fastify';
import type { FieldError } from './problem.ts';

/** A request can hold thousands of wrong fields; nobody reads more than so many. */
const MAX_ERRORS = 20;

/** Keywords that only say that another error stands beside them. */
const SUMMARIES = new Set(['if', 'anyOf', 'oneOf']);

/** What the validator found, in words for the caller: each field once, and never a value that was sent. */
export function fieldErrors(
  found: readonly FastifySchemaValidationError[],
  context: string | undefined,
): readonly FieldError[] {
  const byField = new Map<string, FieldError>();
  for (const error of found) {
    const named = fieldError(error, context);
    if (byField.size >= MAX_ERRORS) break;
    if (!byField.has(named.field) || !SUMMARIES.has(error.keyword)) byField.set(named.field, named);
  }
  return [...byField.values()];
}

function fieldError(error: FastifySchemaValidationError, context: string | undefined): FieldError {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const { missingProperty, additionalProperty } = error.params;
  const last = missingProperty ?? additionalProperty;
  if (typeof last === 'string') path.push(last);
  return { field: fieldName(path, context), message: messageOf(error, context) };
}

/** As the caller knows it, whichever part of the request it stands in; headers in the spelling of the documentation. */
function fieldName(path: readonly string[], context: string | undefined): string {
  const name = path.map(printable).join('.');
  if (context === 'headers') return HEADER_NAMES[name] ?? name;
  return path.length === 0 ? 'body' : name;
}

const HEADER_NAMES: Readonly<Record<string, string>> = {
  'idempotency-key': 'Idempotency-Key',
  'if-match': 'If-Match',
  'openbank-min-position': 'OpenBank-Min-Position',
  'x-correlation-id': 'X-Correlation-Id',
  traceparent: 'traceparent',
};

function messageOf(error: FastifySchemaValidationError, context: string | undefined): string {
  if (error.keyword === 'required' || isMissingBody(error, context)) return 'is missing';
  if (error.keyword === 'additionalProperties')
    return `is not a known ${context === 'querystring' ? 'query parameter' : 'field'}: remove it`;
  return advice(error) ?? error.message ?? 'is not valid';
}

/** Fastify hands `null` to the validator where there is no body. */
function isMissingBody(error: FastifySchemaValidationError, context: string | undefined): boolean {
  return context === 'body' && error.instancePath === '' && 'data' in error && error.data === null;
}

/** The schema's own words for what it wants: see `x-must` in the schemas. */
function advice(error: FastifySchemaValidationError): string | undefined {
  const schema: unknown = 'parentSchema' in error ? error.parentSchema : undefined;
  if (typeof schema !== 'object' || schema === null || !('x-must' in schema)) return undefined;
  return `must ${String(schema['x-must'])}`;
}

function unescapePointer(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A name that a caller made up, short and on one line, and in quotes where there is nothing of it to see. */
function printable(name: string): string {
  if (name.trim() === '') return `"${name.slice(0, 64)}"`;
  const clean = name.replaceAll(/[^\x20-\x7e]/g, '?');
  return clean.length > 64 ? `${clean.slice(0, 64)}...` : clean;
}
