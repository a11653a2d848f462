import { type ErrorCode, EventSourcingError, type ReadModel } from '@openbank/eventsourcing';
import { isFailedSync, isOutdated, isTooBig, isWrongType, portCode } from '../sqlite/sqlite-error.ts';

const MAKE_ANEW = 'stop, delete read-models.db*, and start: it is made again from the log';

const ADVICE: Partial<Record<ErrorCode, string>> = {
  'store-unavailable': 'The read models cannot be reached for now',
  'storage-full': 'There is no room left for the read models: free some space',
  'store-damaged': `read-models.db is damaged: ${MAKE_ANEW}`,
  'document-refused': 'SQLite does not take a document of this size',
};

/** A row that cannot be what was written. Names the document and the field, never a value. */
export function damagedDocument(model: ReadModel, id: unknown, field: string): EventSourcingError {
  const document = typeof id === 'string' ? `the document ${id}` : 'a document';
  const where = `${field} of ${document} of ${model.name} version ${model.version}`;
  return new EventSourcingError('store-damaged', `${ADVICE['store-damaged']} (${where}).`);
}

/** Runs a piece of work on the database and tells SQLite's failures in the kit's words. */
export function told<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw inOurWords(error);
  }
}

/**
 * As `told`, until a sync has failed. What it was to bring to the disk may be lost without a trace, and the next sync
 * would not say so: from then on nothing is done with the file any more.
 */
export function createTold(): typeof told {
  let lost: unknown;
  return (work) => {
    if (lost !== undefined) throw lost;
    try {
      return told(work);
    } catch (error) {
      if (error instanceof Error && isFailedSync(error.cause)) lost = error;
      throw error;
    }
  };
}

function inOurWords(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (isFailedSync(error)) {
    const message = `The disk did not take what was written to read-models.db: look at the disk, then ${MAKE_ANEW} (${error.message}).`;
    return new EventSourcingError('store-damaged', message, { cause: error });
  }
  const code = codeOf(error);
  if (code === undefined) return error;
  return new EventSourcingError(code, `${ADVICE[code]} (${error.message}).`, { cause: error });
}

/** Statements fit the tables that this program has made, and what is bound to them fits the columns. */
function codeOf(error: Error): ErrorCode | undefined {
  if (isTooBig(error)) return 'document-refused';
  return isOutdated(error) || isWrongType(error) ? 'store-damaged' : portCode(error);
}
