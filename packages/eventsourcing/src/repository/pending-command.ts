import { randomUUID } from 'node:crypto';
import { streamOf } from './aggregate.ts';
import type { AnyRef, CommandContext, Executed, Execution } from './command.ts';
import type { Waiting } from './queues.ts';

/** A command on its way through the repository. */
export interface PendingCommand extends Waiting {
  readonly execution: Execution<readonly AnyRef[], unknown>;
  readonly context: CommandContext;
  /** The stream of each aggregate, in their order. */
  readonly streams: readonly string[];
  /** Names that it takes, in the order in which they are judged: its idempotency key before all others. */
  readonly claims: readonly string[];
  /** When its caller stops waiting, milliseconds since 1970. */
  readonly deadline: number;
  /** Conflicts so far. */
  conflicts: number;
  prepared: boolean;
  resolve(executed: Executed<unknown>): void;
  reject(error: unknown): void;
}

/** @throws TypeError - it names an aggregate twice */
export function pendingCommand(
  execution: Execution<readonly AnyRef[], unknown>,
  context: CommandContext,
  deadline: number,
  { resolve, reject }: Pick<PendingCommand, 'resolve' | 'reject'>,
): PendingCommand {
  const streams = execution.on.map(streamOf);
  if (streams.length > 1 && new Set(streams).size < streams.length) {
    throw new TypeError(`A command names an aggregate twice: ${streams}`);
  }
  const claims = claimsOf(execution, context);
  return { execution, context, streams, claims, deadline, conflicts: 0, prepared: false, resolve, reject };
}

function claimsOf({ claims = [] }: Execution<readonly AnyRef[], unknown>, { idempotency }: CommandContext) {
  const names = claims.map(({ claim }) => claim);
  if (idempotency !== undefined) names.unshift(idempotency.claim);
  return names;
}

/** Ids of events and commits are random: nothing can be derived from them, and a repeat keeps them. */
export const newId = randomUUID;
