import type { CommandContext, EventReader, Executed, Handler, Repository } from '@openbank/eventsourcing';
import { type BookedAnswer, bookedAnswer } from '../answers/transaction.ts';
import type { Remarks } from '../domain/movement.ts';
import { remarksProblems } from '../domain/remarks.ts';
import {
  accountsOfReversal,
  alreadyReversed,
  type RecordedTransaction,
  recordReversal,
  reversalClaim,
} from '../domain/reversal.ts';
import { executePlan, type MovementPlan } from './movement.ts';
import { refuseProblems } from './problems.ts';
import { type RecordedPlace, readTransaction } from './read-transaction.ts';

/** Takes back what a transaction has done, by a new one. */
export interface CreateReversal extends Remarks {
  readonly type: 'CreateReversal';
  /** A new one, 32 hex digits. */
  readonly transactionId: string;
  /** The transaction that is taken back, and where the log holds it. */
  readonly reversedId: string;
  readonly recordedAt: RecordedPlace;
}

/** @throws Refusal `malformed` - with every field that is wrong in itself */
export function validateCreateReversal(command: CreateReversal): void {
  refuseProblems(remarksProblems(command));
}

export function createReversal(
  repository: Repository,
  log: EventReader,
): Handler<CreateReversal, CommandContext, Executed<BookedAnswer>> {
  return async (command, context) => {
    const reversed = await readTransaction(log, command.reversedId, command.recordedAt);
    const made = { answer: bookedAnswer, resourceId: command.transactionId };
    return executePlan(repository, planReversal(command, reversed), made, context);
  };
}

function planReversal(command: CreateReversal, reversed: RecordedTransaction): MovementPlan {
  const accountIds = accountsOfReversal(reversed);
  return {
    accountIds,
    decide: (accountOf) =>
      recordReversal(
        accountIds.map((id) => [id, accountOf(id)] as const),
        { ...command, reversed },
      ),
    claims: [{ claim: reversalClaim(command.reversedId), taken: alreadyReversed }],
  };
}
