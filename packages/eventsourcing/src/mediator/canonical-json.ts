/** A request as it was sent, its body parsed and not otherwise touched. */
export interface SentRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  /** What `JSON.parse` gave; undefined where there was no body. */
  readonly body: unknown;
}

/** One text for all spellings of the same request: method, path and, on the next line, the canonical body. */
export function canonicalRequest({ method, path, body }: SentRequest): string {
  return `${method} ${path}\n${body === undefined ? '' : canonicalJson(body)}`;
}

/**
 * One text for all spellings of the same JSON value, as in RFC 8785: keys sorted by UTF-16 code units at every depth,
 * no blanks, numbers and strings as JavaScript writes them once they are parsed (`1e3` is `1000`, `-0` is `0`).
 *
 * @param value - what `JSON.parse` gave
 */
export function canonicalJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
    case 'boolean':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? canonicalList(value) : canonicalObject(value as JsonObject);
    default:
      throw new TypeError(`A ${typeof value} is no JSON value.`);
  }
}

type JsonObject = Readonly<Record<string, unknown>>;

// Loops and `+=` because this runs for every command with a key: a third less time than `map` and `join`.
function canonicalList(values: readonly unknown[]): string {
  let text = '';
  for (const value of values) text += (text === '' ? '' : ',') + canonicalJson(value);
  return `[${text}]`;
}

function canonicalObject(value: JsonObject): string {
  let text = '';
  for (const key of Object.keys(value).sort()) {
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(value[key])}`;
  }
  return `{${text}}`;
}
