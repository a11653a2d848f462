import { CommandError } from '../command-error.ts';
import { bulkWrite } from './bulk-write.ts';
import { COLLECTIONS } from './collections.ts';
import type { Handler, ServerVersion } from './context.ts';
import { CURSOR_COMMANDS } from './cursor-commands.ts';
import { explain } from './explain.ts';
import { findAndModify } from './find-and-modify.ts';
import { HANDSHAKE } from './handshake.ts';
import { INDEXES } from './indexes.ts';
import { QUERIES } from './queries.ts';
import { WRITE_COMMANDS } from './write-commands.ts';

const HANDLERS: Readonly<Record<string, Handler>> = {
  ...HANDSHAKE,
  ...QUERIES,
  ...WRITE_COMMANDS,
  ...CURSOR_COMMANDS,
  ...COLLECTIONS,
  ...INDEXES,
  bulkWrite,
  explain,
  findAndModify,
  findandmodify: findAndModify,
  endSessions: () => ({}),
  startSession: () => ({}),
  killSessions: () => ({}),
  refreshSessions: () => ({}),
};

/** The wire version since which there is `bulkWrite`: MongoDB 8.0. */
const BULK_WRITE_SINCE = 25;

/** Throws `CommandNotFound`. */
export function handlerOf(name: string, version: ServerVersion): Handler {
  const handler = Object.hasOwn(HANDLERS, name) ? HANDLERS[name] : undefined;
  const tooNew = name === 'bulkWrite' && version.wire < BULK_WRITE_SINCE;
  if (handler !== undefined && !tooNew) return handler;
  throw new CommandError(59, 'CommandNotFound', `no such command: '${name}'`);
}

/** Whether a command only tells what the server is. It is answered whatever else is wrong. */
export function isHandshake(name: string): boolean {
  return Object.hasOwn(HANDSHAKE, name) || name === 'endSessions';
}
