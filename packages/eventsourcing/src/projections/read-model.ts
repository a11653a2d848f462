import { EventSourcingError } from '../errors.ts';
import { ReadModelRefused } from './errors.ts';
import type { ModelVersion, ReadModel } from './read-model-store.ts';

const IDENTIFIER = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
const LONGEST_IDENTIFIER = 48;
/** What every document has beside its fields. */
const TAKEN = new Set(['id', 'revision', 'deleted']);

/** What stores call a version of a read model, for example `accounts_v1`. */
export function readModelKey(model: ModelVersion): string {
  return `${model.name}_v${model.version}`;
}

/**
 * Names of models and fields become parts of statements, where no value can be bound: so they are lower case words
 * joined by underscores and nothing else.
 *
 * @throws ReadModelRefused
 */
export function checkReadModel(model: ReadModel): void {
  checkIdentifier(model.name, 'A read model');
  if (!Number.isSafeInteger(model.version) || model.version < 1) {
    throw new ReadModelRefused(`Version ${model.version} of ${model.name} is not a whole number from 1.`);
  }
  for (const field of Object.keys(model.fields)) checkField(model, field);
  for (const index of model.indexes) checkIndex(model, index);
}

/** The same version with other fields: its stored documents cannot be what it now declares. */
export function changedDeclaration(model: ReadModel): ReadModelRefused {
  return new ReadModelRefused(
    `${model.name} version ${model.version} is stored with other fields: raise its version.`,
  );
}

/** A store has never been told of the model. */
export function notPrepared(model: ReadModel): ReadModelRefused {
  return new ReadModelRefused(
    `${model.name} version ${model.version} has not been prepared in this store: call prepare first.`,
  );
}

/** What queries are answered from cannot be dropped. */
export function stillLive(model: ModelVersion): ReadModelRefused {
  return new ReadModelRefused(
    `${model.name} version ${model.version} is live: make another version live before it is dropped.`,
  );
}

/** Another owner has been at work on the model: whoever folds it must stop, and start from what is stored. */
export function displaced(model: ReadModel): EventSourcingError {
  return new EventSourcingError(
    'displaced',
    `Another owner has taken over ${model.name} version ${model.version}: stop, or take over and load again.`,
  );
}

function checkIdentifier(name: string, what: string): void {
  if (IDENTIFIER.test(name) && name.length <= LONGEST_IDENTIFIER && !name.startsWith('sqlite_')) return;
  throw new ReadModelRefused(
    `${what} cannot be called ${JSON.stringify(name)}: use lower case words joined by underscores.`,
  );
}

function checkField(model: ReadModel, field: string): void {
  checkIdentifier(field, `A field of ${model.name}`);
  if (!TAKEN.has(field)) return;
  throw new ReadModelRefused(
    `${model.name} cannot have a field ${field}: every document has that one anyway.`,
  );
}

function checkIndex(model: ReadModel, index: readonly string[]): void {
  if (index.length === 0 || new Set(index).size !== index.length) {
    throw new ReadModelRefused(`An index of ${model.name} must name each of its fields once.`);
  }
  for (const field of index) {
    const type = Object.hasOwn(model.fields, field) ? model.fields[field] : undefined;
    if (type !== 'text' && type !== 'integer') {
      throw new ReadModelRefused(
        `${model.name} cannot be indexed by ${field}: only text and integer fields can.`,
      );
    }
  }
}
