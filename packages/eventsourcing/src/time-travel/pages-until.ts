import { setImmediate } from 'node:timers/promises';
import type { Position, RecordedEvent } from '../event.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { indexInCommit } from './place-in-commit.ts';

/** What of a log is read again. */
export interface Stretch {
  readonly reader: EventReader;
  /** Names of streams, or the beginnings of the names of all that there are. */
  readonly from: { readonly streams: readonly string[] } | { readonly prefixes: readonly string[] };
  /** The last position; undefined before the first event. Of a commit that goes on after it nothing is shown. */
  readonly until: Position | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The events up to a position, in whole commits, page by page; others get their turn in between. */
export async function* pagesUntil({
  reader,
  from,
  until,
  signal,
}: Stretch): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  if (until === undefined) return;
  const cut = await commitAcross(reader, until);
  for await (const events of pages(reader, from, until)) {
    const shown = events.filter((event) => isShown(event, until, cut));
    if (shown.length > 0) yield shown;
    await setImmediate();
    signal?.throwIfAborted();
  }
}

/** A page that goes past the end is the last one of its stream, or of the log. */
async function* pages(
  reader: EventReader,
  from: Stretch['from'],
  until: Position,
): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  if ('prefixes' in from) {
    for await (const { events, position } of reader.readAll({ prefixes: from.prefixes })) {
      yield events;
      if (position >= until) return;
    }
    return;
  }
  for (const stream of from.streams) {
    for await (const events of reader.readStream(stream)) {
      yield events;
      if ((events.at(-1)?.position ?? '') >= until) break;
    }
  }
}

function isShown({ position, metadata }: RecordedEvent, until: Position, cut: string | undefined): boolean {
  return position <= until && (cut === undefined || metadata.commit_id !== cut);
}

/** The id of the commit that lies on both sides of a position, if one does. */
async function commitAcross(reader: EventReader, position: Position): Promise<string | undefined> {
  for await (const { events } of reader.readAll({ after: position, limit: 1 })) {
    for (const event of events) return indexInCommit(event) === 0 ? undefined : event.metadata.commit_id;
  }
  return undefined;
}
