import { Binary, Timestamp } from 'bson';
import type { CommandError } from '../command-error.ts';
import type { TransactionId } from '../sessions/transactions.ts';
import { type Document, isDocument, numberOf } from '../values/document.ts';
import type { ServerState } from './context.ts';
import { handlerOf } from './registry.ts';

/** What a command is run with. */
export interface Call {
  readonly state: ServerState;
  readonly command: Document;
  readonly now: Date;
  readonly address: string;
}

/** Runs one command whole. Throws a `CommandError` where it is refused; a `WriteConflict` leaves nothing behind. */
export function dispatch(call: Call): Document {
  const { command, state } = call;
  const session = sessionOf(command);
  const number = command.txnNumber;
  if (session === undefined || typeof number !== 'bigint') return run(call, undefined);
  if (command.autocommit === false) return inTransaction(call, { session, number: String(number) });
  const known = state.retries.known(session, number);
  if (known !== undefined) return known;
  const answer = run(call, undefined);
  state.retries.keep(session, number, answer);
  return answer;
}

function sessionOf({ lsid }: Document): string | undefined {
  const id = isDocument(lsid) ? lsid.id : undefined;
  return id instanceof Binary ? id.toString('hex') : undefined;
}

function inTransaction(call: Call, id: TransactionId): Document {
  const { command, state } = call;
  const name = nameOf(command);
  if (name === 'commitTransaction') {
    state.transactions.commit(id);
    return {};
  }
  if (name === 'abortTransaction') {
    state.transactions.abort(id);
    return {};
  }
  state.transactions.enter(id, command.startTransaction === true);
  try {
    const answer = run(call, id);
    if (answer.writeErrors !== undefined) state.transactions.abort(id);
    return answer;
  } catch (error) {
    state.transactions.abort(id);
    throw error;
  }
}

function run(call: Call, id: TransactionId | undefined): Document {
  const { command, state, now, address } = call;
  const name = nameOf(command);
  const handler = handlerOf(name, state.version);
  const own = id && state.transactions.enter(id, false);
  const at = own === undefined ? momentOf(call) : undefined;
  const database = typeof command.$db === 'string' ? command.$db : 'admin';
  const variables = { NOW: now, ...(isDocument(command.let) && command.let) };
  const answer = state.transactions.run({ own, at }, (journal) =>
    handler({ ...state, command, database, journal, now, variables, address, counts: state.counts }),
  );
  return withWriteConcern(command, at === undefined ? answer : withMoment(answer, at, now));
}

/** A read of one moment: of one that an earlier answer has told, or of now. */
function momentOf({ command, state }: Call): number | undefined {
  const concern = command.readConcern;
  if (!isDocument(concern) || concern.level !== 'snapshot') return undefined;
  const now = state.transactions.moment();
  return concern.atClusterTime instanceof Timestamp ? concern.atClusterTime.i : now;
}

/** The moment is told where drivers look for it: in the cursor, or beside the values. */
function withMoment(answer: Document, moment: number, now: Date): Document {
  const atClusterTime = new Timestamp({ t: Math.max(1, Math.floor(now.getTime() / 1000)), i: moment });
  const { cursor } = answer;
  return isDocument(cursor)
    ? { ...answer, cursor: { ...cursor, atClusterTime } }
    : { ...answer, atClusterTime };
}

export function nameOf(command: Document): string {
  return Object.keys(command)[0] ?? '';
}

/** The set has one member: more cannot acknowledge. */
function withWriteConcern({ writeConcern }: Document, answer: Document): Document {
  const w = isDocument(writeConcern) ? numberOf(writeConcern.w) : undefined;
  if (w === undefined || w <= 1) return answer;
  const error = { code: 100, codeName: 'UnsatisfiableWriteConcern', errmsg: 'Not enough data-bearing nodes' };
  return { ...answer, writeConcernError: error };
}

export function errorAnswer(error: CommandError): Document {
  return {
    ok: 0,
    errmsg: error.message,
    code: error.code,
    codeName: error.codeName,
    ...error.details,
    ...(error.labels.length > 0 && { errorLabels: error.labels }),
  };
}
