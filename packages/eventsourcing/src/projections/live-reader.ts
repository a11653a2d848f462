import { EventSourcingError } from '../errors.ts';
import { ProjectionStopped, QueryRefused } from './errors.ts';
import type { Progress } from './progress.ts';
import type { Projection } from './projection.ts';
import type { Document, Page, ReadModel, ReadModelReader } from './read-model-store.ts';

/** How a request is answered at the moment: from which model, and what becomes of its documents. */
interface Route {
  readonly model: ReadModel;
  upgraded(document: Document): Document;
}

/**
 * Reads from the live version of each read model: the one that is asked for, or the previous one in its shape. Which one
 * that is costs a look into memory; only until the first news of it, the store is asked.
 *
 * @returns a reader whose calls throw EventSourcingError `read-model-behind` while no version can answer them: what has
 *   not been filled is not empty; ProjectionStopped where the live one is stored as something else
 */
export function createLiveReader(
  reader: ReadModelReader,
  progress: Pick<Progress, 'live'>,
  projections: readonly Projection[],
): ReadModelReader {
  const byName = new Map(projections.map((projection) => [projection.name, projection]));

  async function route(model: ReadModel): Promise<Route> {
    const state = progress.live(model.name);
    // Its store has another declaration: what it holds cannot be read as this one.
    if (state?.stopped?.code === 'read-model-refused')
      throw new ProjectionStopped(model.name, state.stopped.message);
    const live = state?.version ?? (await reader.liveVersion(model.name));
    if (live === model.version) return { model, upgraded: (document) => document };
    const previous = byName.get(model.name)?.previous;
    if (live === undefined || previous?.projection.version !== live) throw behind(model);
    const upgraded = (document: Document): Document => ({
      ...document,
      fields: previous.upgraded(document.fields),
    });
    return { model: previous.projection, upgraded };
  }

  return {
    async get(model, id) {
      const live = await route(model);
      const document = await reader.get(live.model, id);
      return document && live.upgraded(document);
    },
    async getMany(model, ids) {
      const live = await route(model);
      const documents = await reader.getMany(live.model, ids);
      return new Map([...documents].map(([id, document]) => [id, live.upgraded(document)]));
    },
    async find(model, query) {
      const live = await route(model);
      const page = await reader.find(live.model, query).catch((error: unknown) => {
        throw live.model !== model && error instanceof QueryRefused ? behind(model) : error;
      });
      return shown(page, live);
    },
    checkpoints: async (model) => reader.checkpoints((await route(model)).model),
    census: async (model) => reader.census((await route(model)).model),
    faults: async (model) => reader.faults((await route(model)).model),
    liveVersion: (name) => reader.liveVersion(name),
  };
}

function shown({ documents, next }: Page, { upgraded }: Route): Page {
  return { documents: documents.map(upgraded), next };
}

function behind({ name }: ReadModel): EventSourcingError {
  return new EventSourcingError(
    'read-model-behind',
    `The read model ${name} is being filled, and cannot answer this yet: ask again later.`,
  );
}
