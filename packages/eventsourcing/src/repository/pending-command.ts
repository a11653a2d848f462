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
  /** When its caller stops waiting, milliseconds since 1970. */
  readonly deadline: number;
  /** Conflicts so far. */
  conflicts: number;
  prepared: boolean;
  resolve(executed: Executed<unknown>): void;
  reject(error: unknown): void;
}

export function pendingCommand(
  execution: Execution<readonly AnyRef[], unknown>,
  context: CommandContext,
  deadline: number,
  settle: Pick<PendingCommand, 'resolve' | 'reject'>,
): PendingCommand {
  const streams = execution.on.map(streamOf);
  return { execution, context, streams, deadline, conflicts: 0, prepared: false, ...settle };
}

/** Names that the command takes, in the order in which they are judged: its idempotency key before all others. */
export function claimNames({ execution, context }: PendingCommand): string[] {
  const names = execution.claims?.map(({ claim }) => claim) ?? [];
  return context.idempotency === undefined ? names : [context.idempotency.claim, ...names];
}

/** Ids of events and commits are random: nothing can be derived from them, and a repeat keeps them. */
export const newId = randomUUID;
