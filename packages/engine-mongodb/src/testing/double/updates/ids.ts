import { ObjectId } from 'bson';
import { badValue, CommandError } from '../command-error.ts';
import { type Document, isDocument } from '../values/document.ts';

/** A document to insert: with an id, which stands first. An insert refuses a wrong id with another code than an upsert. */
export function withId(document: Document): Document {
  const { _id } = document;
  if (Array.isArray(_id)) throw badValue("can't use an array for _id");
  if (_id instanceof RegExp) throw badValue("can't use a regex for _id");
  return withIdFirst(document, _id === undefined ? new ObjectId() : checkedId(_id));
}

export function withIdFirst(document: Document, id: unknown): Document {
  return Object.keys(document)[0] === '_id' ? document : { _id: id, ...document };
}

/** Source: manual, "The _id Field": any type but an array, a regular expression or undefined. */
export function checkedId(id: unknown): unknown {
  if (Array.isArray(id) || id instanceof RegExp) {
    const type = Array.isArray(id) ? 'array' : 'regex';
    throw new CommandError(53, 'InvalidIdField', `The '_id' value cannot be of type ${type}`);
  }
  if (isDocument(id) && Object.keys(id).some((name) => name.startsWith('$'))) {
    throw new CommandError(52, 'DollarPrefixedFieldName', "_id fields may not contain '$'-prefixed fields");
  }
  return id;
}
