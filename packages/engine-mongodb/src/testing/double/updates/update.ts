import { ObjectId } from 'bson';
import { CommandError, failedToParse } from '../command-error.ts';
import { compileStages } from '../query/stages.ts';
import type { Variables } from '../query/variables.ts';
import { equalValues } from '../values/compare.ts';
import { type Document, documentsOf, isDocument } from '../values/document.ts';
import { checkedId, withIdFirst } from './ids.ts';
import { compileModifiers, type Update } from './modifiers.ts';
import { seedOf } from './upsert-seed.ts';

/** Stages that may stand in an update. Source: manual, "Updates with Aggregation Pipeline". */
const UPDATE_STAGES = ['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'];

/** Makes an update ready: operators, a pipeline, or a whole new document. */
export function compileUpdate(update: unknown, variables: Variables, now: Date): Update {
  if (Array.isArray(update)) return guarded(pipelineUpdate(documentsOf(update, 'update'), variables));
  if (!isDocument(update)) throw failedToParse('Update argument must be either an object or an array');
  return guarded(isReplacement(update) ? replacement(update) : compileModifiers(update, now));
}

export function isReplacement(update: unknown): boolean {
  return isDocument(update) && Object.keys(update)[0]?.startsWith('$') !== true;
}

function replacement(update: Document): Update {
  const dollar = Object.keys(update).find((name) => name.startsWith('$'));
  if (dollar !== undefined) {
    throw new CommandError(
      52,
      'DollarPrefixedFieldName',
      `The dollar ($) prefixed field '${dollar}' in '${dollar}' is not allowed in the context of an update's replacement document.`,
    );
  }
  return (document) => ('_id' in document ? { _id: document._id, ...update } : update);
}

function pipelineUpdate(stages: readonly Document[], variables: Variables): Update {
  for (const stage of stages) {
    const [name = ''] = Object.keys(stage);
    if (!UPDATE_STAGES.includes(name)) {
      throw new CommandError(72, 'InvalidOptions', `${name} is not allowed to be used within an update`);
    }
  }
  const run = compileStages(stages, variables);
  return (document) => {
    const [result] = run([document]);
    if (!isDocument(result)) throw new CommandError(40228, 'Location40228', 'an update must give a document');
    return '_id' in result || !('_id' in document) ? result : { _id: document._id, ...result };
  };
}

/** The id of a document never changes. */
function guarded(update: Update): Update {
  return (document, inserting) => {
    const result = update(document, inserting);
    if (result === document || !('_id' in document) || equalValues(result._id, document._id)) return result;
    throw new CommandError(
      66,
      'ImmutableField',
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  };
}

/** The document that an upsert inserts: what the filter fixes, then the update, then an id if there is none. */
export function upserted(filter: Document, update: unknown, apply: Update): Document {
  const seed = seedOf(filter);
  const start =
    isReplacement(update) && '_id' in seed ? { _id: seed._id } : isReplacement(update) ? {} : seed;
  const document = apply(start, true);
  const id = document._id === undefined ? new ObjectId() : checkedId(document._id);
  return withIdFirst(document, id);
}
