import type { CommandContext } from '../repository/command.ts';
import type { SentRequest } from './canonical-json.ts';

/** What comes with a message from the edge: the ids made there, and the request as it was sent. */
export interface RequestContext extends CommandContext {
  /** What the caller named this request by, so that its repeats are told. */
  readonly idempotencyKey?: string | undefined;
  /** What a key stands for: the same key with another request is refused. */
  readonly request: SentRequest;
}
