import { EventSourcingError } from '../errors.ts';
import type { DocumentFields, FieldType, FieldValue, ReadModel } from './read-model-store.ts';

const GREATEST_INTEGER = 2n ** 63n - 1n;
const LEAST_INTEGER = -(2n ** 63n);

/**
 * Whether a document is what its model declares: exactly the declared fields, each null or of its type. Names the
 * document and the field, never a value.
 *
 * @throws EventSourcingError `document-refused`
 */
export function checkDocument(model: ReadModel, id: string, fields: DocumentFields): void {
  for (const name in model.fields) {
    const type = model.fields[name];
    const value = fields[name];
    if (type === undefined || value === undefined || !(value === null || fits(type, value))) {
      throw refused(model, id, `its field ${name} must be ${type} or null`);
    }
  }
  for (const name in fields) {
    if (!Object.hasOwn(model.fields, name)) throw refused(model, id, `it has no field ${name}`);
  }
}

function fits(type: FieldType, value: FieldValue): boolean {
  switch (type) {
    case 'text':
      return typeof value === 'string';
    case 'integer':
      return typeof value === 'bigint' && value >= LEAST_INTEGER && value <= GREATEST_INTEGER;
    case 'json':
      return typeof value !== 'bigint';
    default:
      return type satisfies never;
  }
}

function refused(model: ReadModel, id: string, why: string): EventSourcingError {
  return new EventSourcingError(
    'document-refused',
    `The document ${id} is not one of ${model.name} version ${model.version}: ${why}.`,
  );
}
