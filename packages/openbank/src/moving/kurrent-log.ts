import type { KurrentConnection } from '@openbank/engine-kurrentdb';
import { EventSourcingError, type VerifiableLog } from '@openbank/eventsourcing';

export function createKurrentVerifiableLog(connection: KurrentConnection): VerifiableLog {
  throw new EventSourcingError('store-unavailable', `TO BE REPLACED ${connection.shown}`);
}
