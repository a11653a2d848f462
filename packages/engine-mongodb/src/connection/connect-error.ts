import { EventSourcingError } from '@openbank/eventsourcing';
import { MongoCompatibilityError, MongoServerSelectionError } from 'mongodb';
import { redacted } from './connection-string.ts';
import { misconfigured } from './misconfigured.ts';
import { toStoreError } from './mongo-error.ts';
import { NO_REPLICA_SET, TOO_OLD } from './server-check.ts';

/** Why there is no connection, with the address, and without user and password. */
export function connectError(connectionString: string, error: unknown): EventSourcingError {
  const { code, message, cause = error } = causeOf(error);
  return new EventSourcingError(code, `${redacted(connectionString)}: ${message}`, { cause });
}

function causeOf(error: unknown): EventSourcingError {
  const refusal = serversRefusal(error);
  if (refusal !== undefined) return misconfigured(refusal, { cause: error });
  const known = toStoreError(error);
  if (known instanceof EventSourcingError) return known;
  const message = error instanceof Error ? error.message : String(error);
  if (isLookUp(error))
    return new EventSourcingError('store-unavailable', `Its name is not known (${message}).`);
  return misconfigured(`It cannot be connected to as the connection string says (${message}).`);
}

/**
 * Why the driver takes none of the servers: it goes on asking, and says in the end that it has waited for too long. Those
 * that are no members of the set it forgets.
 */
function serversRefusal(error: unknown): string | undefined {
  if (!(error instanceof MongoServerSelectionError) || error.reason === undefined) return undefined;
  const { servers, setName } = error.reason;
  for (const { error: why } of servers.values()) if (why instanceof MongoCompatibilityError) return TOO_OLD;
  if (servers.size > 0) return undefined;
  if (setName === null) return NO_REPLICA_SET;
  return `None of these is a member of the replica set ${setName}: name the one that rs.status() tells, or make it: start mongod with --replSet ${setName}, and call rs.initiate() once.`;
}

/** Of the name that `mongodb+srv://` looks up itself. */
function isLookUp(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('query');
}
