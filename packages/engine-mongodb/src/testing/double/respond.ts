import { Binary, Long, Timestamp } from 'bson';
import { CommandError } from './command-error.ts';
import type { ServerState } from './commands/context.ts';
import { dispatch, errorAnswer, nameOf } from './commands/dispatch.ts';
import type { Fault, Faults } from './faults/faults.ts';
import { isWriteConflict } from './sessions/transactions.ts';
import type { Document } from './values/document.ts';

/** What becomes of a request: an answer, now or later; a cut connection; or nothing, for ever. */
export type Outcome =
  | { readonly kind: 'answer'; readonly answer: Document; readonly delay: number }
  | { readonly kind: 'cut' }
  | { readonly kind: 'silence' }
  /** A transaction holds what the command changes: it is tried again. */
  | { readonly kind: 'blocked' };

export interface Responder {
  respond(command: Document, address: string): Outcome;
}

export interface ResponderOptions {
  readonly state: ServerState;
  readonly faults: Faults;
  /** The server's clock, in milliseconds. */
  readonly clock: () => number;
}

export function createResponder({ state, faults, clock }: ResponderOptions): Responder {
  let increment = 0;

  function stamped(answer: Document): Document {
    const seconds = Math.max(1, Math.floor(clock() / 1000));
    const operationTime = new Timestamp({ t: seconds, i: ++increment });
    const clusterTime = { clusterTime: operationTime, signature: NO_SIGNATURE };
    return { ok: 1, ...answer, $clusterTime: clusterTime, operationTime };
  }

  function answerTo(command: Document, address: string): Document {
    try {
      return stamped(dispatch({ state, command, now: new Date(clock()), address }));
    } catch (error) {
      if (isWriteConflict(error) && command.autocommit !== false) throw error;
      return stamped(errorAnswer(error instanceof CommandError ? error : defect(error)));
    }
  }

  return {
    respond(command, address) {
      const fault = faults.take(nameOf(command));
      if (fault?.kind === 'cut-before') return { kind: 'cut' };
      const refusal = fault && refusalOf(fault, command);
      if (refusal !== undefined) return { kind: 'answer', answer: stamped(refusal), delay: 0 };
      try {
        const answer = answerTo(command, address);
        if (fault?.kind === 'cut-after') return { kind: 'cut' };
        if (fault?.kind === 'silence') return { kind: 'silence' };
        return { kind: 'answer', answer, delay: fault?.kind === 'delay' ? fault.milliseconds : 0 };
      } catch (error) {
        if (isWriteConflict(error)) return { kind: 'blocked' };
        throw error;
      }
    },
  };
}

const NO_SIGNATURE = { hash: new Binary(Buffer.alloc(20)), keyId: Long.ZERO };

/** A defect of the double: the test sees where. */
function defect(error: unknown): CommandError {
  const what = error instanceof Error ? error.stack : String(error);
  return new CommandError(8, 'UnknownError', `a defect of the test double: ${what}`);
}

/** The label by which a driver knows what may be tried again: a write, or a whole transaction. */
function refusalOf(fault: Fault, command: Document): Document | undefined {
  if (fault.kind === 'not-primary') {
    return errorAnswer(
      new CommandError(10107, 'NotWritablePrimary', 'not primary', { labels: labelsOf(command) }),
    );
  }
  if (fault.kind !== 'error') return undefined;
  const { code, codeName, labels = [] } = fault;
  return errorAnswer(new CommandError(code, codeName, `injected by the test: ${codeName}`, { labels }));
}

function labelsOf(command: Document): readonly string[] {
  if (command.txnNumber === undefined) return [];
  const within = command.autocommit === false && !/^(commit|abort)Transaction$/.test(nameOf(command));
  return [within ? 'TransientTransactionError' : 'RetryableWriteError'];
}
