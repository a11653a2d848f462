import { EventSourcingError } from '../errors.ts';

/** Longer than any line of an export: a commit of the greatest size, every byte of it escaped. */
const MOST_CHARACTERS = 128 * 1024 * 1024;

/**
 * The lines of a text in UTF-8, those of each chunk together. Only line feeds end them: other separators can stand in
 * JSON. A text that is cut ends with what is left of its line; bytes that are no UTF-8 are replaced, which seals show.
 *
 * @throws EventSourcingError `export-damaged` - there are no lines
 */
export async function* linesOf(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly string[], void, undefined> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    const lines = decoder.decode(chunk, { stream: true }).split('\n');
    const rest = lines.pop() ?? '';
    if (lines.length > 0) {
      lines[0] = parts.join('') + lines[0];
      parts = [];
      length = 0;
      yield lines;
    }
    parts.push(rest);
    length += rest.length;
    if (length > MOST_CHARACTERS) throw noLines();
  }
  const last = parts.join('') + decoder.decode();
  if (last !== '') yield [last];
}

function noLines(): EventSourcingError {
  return new EventSourcingError(
    'export-damaged',
    'This is no export, or it is damaged (a line of it has no end): get the file again.',
  );
}
