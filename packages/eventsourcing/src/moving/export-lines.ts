import { EventSourcingError } from '../errors.ts';
import { parsedLine, toLine } from './export-format.ts';
import { createLineOpening, createLineSealing } from './line-seal.ts';
import type { MovedItem } from './moved-item.ts';
import { linesOf } from './text-lines.ts';

const FORMAT = 'event log';
const VERSION = 1;

/** The export as text: newline-delimited JSON, in chunks of whole lines. */
export async function* exportLines(
  items: AsyncIterable<readonly MovedItem[]>,
): AsyncGenerator<string, void, undefined> {
  const sealed = createLineSealing();
  yield `${sealed(JSON.stringify({ format: FORMAT, version: VERSION }))}\n`;
  for await (const page of items) {
    if (page.length > 0) yield page.map((item) => `${sealed(toLine(item))}\n`).join('');
  }
}

/**
 * What stands in an export, in pages. The first item is line 2 of the text.
 *
 * @throws EventSourcingError `export-damaged` - it is no export, or a line is not what was written; `import-refused` - it
 *   is of a version that this program does not know
 */
export async function* importedItems(
  bytes: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly MovedItem[], void, undefined> {
  const opened = createLineOpening();
  let line = 0;
  for await (const lines of linesOf(bytes)) {
    const items: MovedItem[] = [];
    try {
      for (const text of lines) {
        line++;
        if (line === 1) assertHeader(text, opened);
        else items.push(parsedLine(opened(text), line));
      }
    } catch (error) {
      // What stands before it is as it was written.
      yield items;
      throw error;
    }
    yield items;
  }
  if (line === 0) throw noExport('it is empty');
}

function assertHeader(text: string, opened: (line: string) => string): void {
  if (!text.startsWith(`{"format":"${FORMAT}"`)) throw noExport('its first line is another one');
  const { version }: { readonly version?: unknown } = JSON.parse(opened(text));
  if (version === VERSION) return;
  throw new EventSourcingError(
    'import-refused',
    `The export has version ${version}, and this program knows version ${VERSION}: use the program that wrote it, or a newer one.`,
  );
}

function noExport(why: string): EventSourcingError {
  return new EventSourcingError(
    'export-damaged',
    `This is no export (${why}): name a file that export has written.`,
  );
}
