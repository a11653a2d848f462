import { EventSourcingError } from '@openbank/eventsourcing';

/** Somebody has to change the configuration, the rights or the server: trying again will not help. */
export function misconfigured(message: string, options?: ErrorOptions): EventSourcingError {
  return new EventSourcingError('store-misconfigured', message, options);
}
