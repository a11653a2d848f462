import { type Document, documentsOf, textOf } from '../values/document.ts';
import type { CommandContext, Handler } from './context.ts';
import { runStatements, withErrors } from './write-errors.ts';
import { deleteDocuments, insertOne, updateDocuments, updateRequest } from './writes.ts';

/** The commands `insert`, `update` and `delete`. */
export const WRITE_COMMANDS: Readonly<Record<string, Handler>> = {
  insert: (context) => {
    const collection = collectionOf(context, 'insert');
    let n = 0;
    const errors = runStatements(
      documentsOf(context.command.documents, 'documents'),
      isOrdered(context),
      (document) => {
        insertOne(context, collection, document);
        n++;
      },
    );
    return withErrors({ n }, errors);
  },
  update: (context) => {
    const collection = collectionOf(context, 'update');
    const upserted: Document[] = [];
    let [n, nModified] = [0, 0];
    const errors = runStatements(
      documentsOf(context.command.updates, 'updates'),
      isOrdered(context),
      (statement, index) => {
        const { matched, modified, inserted } = updateDocuments(
          context,
          collection,
          updateRequest(statement),
        );
        n += matched + (inserted === undefined ? 0 : 1);
        nModified += modified;
        if (inserted !== undefined) upserted.push({ index, _id: inserted._id });
      },
    );
    return withErrors({ n, nModified, ...(upserted.length > 0 && { upserted }) }, errors);
  },
  delete: (context) => {
    const collection = collectionOf(context, 'delete');
    let n = 0;
    const errors = runStatements(
      documentsOf(context.command.deletes, 'deletes'),
      isOrdered(context),
      (statement) => {
        n += deleteDocuments(context, collection, statement);
      },
    );
    return withErrors({ n }, errors);
  },
};

function collectionOf({ store, database, command }: CommandContext, name: string) {
  return store.ensure(database, textOf(command[name], name));
}

function isOrdered({ command }: CommandContext): boolean {
  return command.ordered !== false;
}
