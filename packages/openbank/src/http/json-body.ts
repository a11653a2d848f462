import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { malformed, ProblemError } from './problem.ts';

/** Makes the server read JSON in UTF-8, and nothing else, and say where a body is no JSON. */
export function readJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request: FastifyRequest, bytes, done) => {
      if (!saysUtf8(request.headers['content-type'])) return done(notUtf8());
      // Bytes that are no UTF-8 would all become the same character, and two requests one.
      if (!isUtf8(bytes)) return done(malformed([{ field: 'body', message: 'must be UTF-8' }]));
      const text = bytes.toString();
      return parse(request, text, (error, body) => {
        if (error === null) done(null, body);
        else done(malformed([{ field: 'body', message: jsonProblem(text) }]));
      });
    },
  );
}

/** JSON is UTF-8 (RFC 8259): what says that it is something else would be read wrongly. */
function saysUtf8(contentType = ''): boolean {
  const charset = /;\s*charset\s*=\s*"?(?<charset>[^\s";]*)/i.exec(contentType)?.groups?.charset;
  return charset === undefined || /^utf-?8$/i.test(charset);
}

function notUtf8(): ProblemError {
  return new ProblemError(
    415,
    'unsupported-media-type',
    'Send JSON in UTF-8, and say so: Content-Type: application/json.',
  );
}

/** What is wrong with a text that is not taken as JSON, and where; nothing of the text itself. */
function jsonProblem(text: string): string {
  if (text.trim() === '') return 'is missing';
  const error = parserError(text);
  if (error === undefined) return 'must not name __proto__, nor prototype in constructor';
  if (error.startsWith('Unexpected end')) return 'is not valid JSON: it ends too early';
  const found = /^(?<what>[^"]*?)(?: in JSON)? at position (?<position>\d+)/.exec(error)?.groups;
  if (found !== undefined) return `is not valid JSON: ${found.what} at position ${found.position}`;
  return `is not valid JSON: unexpected character at position ${unexpectedAt(text)}`;
}

/** Undefined for what is JSON. */
function parserError(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
}

/** For an unexpected character the parser gives no position, but the text around it: so it is asked for prefixes. */
function unexpectedAt(text: string): number {
  let [before, after] = [0, text.length];
  while (after - before > 1) {
    const middle = (before + after) >> 1;
    if (parserError(text.slice(0, middle))?.endsWith('is not valid JSON')) after = middle;
    else before = middle;
  }
  return before;
}
