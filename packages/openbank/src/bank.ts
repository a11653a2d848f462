import { commandHandlers, commandValidators, queryHandlers, queryValidators } from '@openbank/bank';
import {
  authorize,
  createMediator,
  type EventStore,
  idempotency,
  type Mediator,
  type ReadModelReader,
  type Repository,
  type RequestContext,
  type Trace,
  trace,
  type Vault,
  validate,
} from '@openbank/eventsourcing';
import { mayDo } from './actor.ts';

export interface BankParts {
  readonly repository: Repository;
  /** Where what was recorded is read again: by what a read model has found, and for the past. */
  readonly log: EventStore;
  readonly models: ReadModelReader;
  readonly vault: Vault;
  /** Told of every message, for metrics. */
  observe(trace: Trace): void;
}

/** Commands and queries by the names that the architecture gives them. */
const handlersOf = (parts: BankParts) => ({ ...commandHandlers(parts), ...queryHandlers(parts) });

/** The bank as whoever talks to it sees it: messages in, answers out. */
export type Bank = Mediator<RequestContext, ReturnType<typeof handlersOf>>;

export function createBank(parts: BankParts): Bank {
  return createMediator({
    handlers: handlersOf(parts),
    pipeline: [
      trace(parts.observe),
      validate({ ...commandValidators, ...queryValidators }),
      authorize<RequestContext>(mayDo),
      idempotency(parts.vault),
    ],
  });
}
