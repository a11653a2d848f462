import type { Position } from '../event.ts';
import type { EventReader } from '../event-store/event-store.ts';
import { logEntry } from '../projections/log-entry.ts';
import { createMemoryReadModelStore } from '../projections/memory-read-model-store.ts';
import type { Projection } from '../projections/projection.ts';
import type { ReadModelReader } from '../projections/read-model-store.ts';
import { pagesUntil, type Stretch } from './pages-until.ts';
import { replayedModel } from './replayed-model.ts';

export interface ReplayOptions {
  readonly reader: EventReader;
  readonly projections: readonly Projection[];
  /**
   * The streams that feed what is asked for; or `all` that feed the projections: the log is read from its start then, which
   * takes as long as it is. Totals need all.
   */
  readonly streams: readonly string[] | 'all';
  /**
   * The last position that is shown, see `positionAsOf`; undefined before the first event. Of a commit that goes on after
   * it nothing is shown.
   */
  readonly until: Position | undefined;
  /** Ends the replay between two pages. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Read models as they were at a position, made again from events, in memory: they take the room of all their documents.
 * They answer queries as the stored ones do, by the same indexes, and a cursor of one replay goes on in another of the
 * same position. Their checkpoint is that position.
 *
 * @throws EventNotProjected - an event cannot be folded, for example because its type is not known
 * @throws TypeError - totals are asked for of some streams only
 * @throws the signal's reason; EventSourcingError `store-unavailable`, `store-damaged`
 */
export async function replayModels(options: ReplayOptions): Promise<ReadModelReader> {
  const { projections, until, signal = new AbortController().signal } = options;
  const store = createMemoryReadModelStore();
  const from = streamsOf(options);
  const models = [];
  for (const projection of projections) models.push(await replayedModel(projection, store, signal));
  for await (const events of pagesUntil({ reader: options.reader, from, until, signal })) {
    const entries = events.map(logEntry);
    for (const model of models) await model.fold(entries);
  }
  for (const model of models) await model.end(until);
  return store;
}

function streamsOf({ projections, streams }: ReplayOptions): Stretch['from'] {
  const prefixes = [...new Set(projections.map(({ streamPrefix }) => streamPrefix))];
  if (streams === 'all') return { prefixes };
  const total = projections.find(({ order }) => order === 'log');
  if (total !== undefined) throw new TypeError(`${total.name} holds totals: replay all streams.`);
  const feeds = (stream: string) => prefixes.some((prefix) => stream.startsWith(prefix));
  return { streams: [...new Set(streams)].filter(feeds) };
}
