import { badValue } from '../command-error.ts';
import { numberOf, textOf } from '../values/document.ts';
import type { Handler } from './context.ts';

/** Commands on open cursors. */
export const CURSOR_COMMANDS: Readonly<Record<string, Handler>> = {
  getMore: ({ cursors, database, command }) => {
    const namespace = `${database}.${textOf(command.collection, 'collection')}`;
    return cursors.next(idOf(command.getMore), namespace, numberOf(command.batchSize));
  },
  killCursors: ({ cursors, command }) => {
    if (!Array.isArray(command.cursors)) throw badValue('cursors must be an array');
    const ids = command.cursors.map(idOf);
    const killed = ids.filter((id) => cursors.kill(id));
    return {
      cursorsKilled: killed,
      cursorsNotFound: ids.filter((id) => !killed.includes(id)),
      cursorsAlive: [],
      cursorsUnknown: [],
    };
  },
};

function idOf(id: unknown): bigint {
  if (typeof id === 'bigint') return id;
  throw badValue('a cursor id is a 64-bit integer');
}
