import type {
  AggregateRef,
  AnswerEvent,
  CommandContext,
  Executed,
  Handler,
  Message,
  OnceOnly,
  Repository,
} from '@openbank/eventsourcing';
import type { BankAccountEvent } from '../domain/account-events.ts';
import { type BankAccountState, bankAccount } from '../domain/bank-account.ts';
import { parseDecimal } from '../domain/money.ts';
import type { Movement, Remarks } from '../domain/movement.ts';
import type { FieldProblem } from '../domain/refusal.ts';
import { remarksProblems } from '../domain/remarks.ts';
import { amountProblems } from './problems.ts';

/** What every command that moves money carries. */
export interface MovementCommand extends Remarks {
  /** A new one, 32 hex digits. */
  readonly transactionId: string;
  /** As it was sent: see `readDecimal`. The account's currency decides how many digits it may have. */
  readonly amount: string | number;
}

/** Every field of a movement that is wrong in itself. */
export function movementProblems({ amount, ...remarks }: MovementCommand): readonly FieldProblem[] {
  return [...amountProblems('amount', amount), ...remarksProblems(remarks)];
}

export function movementOf({ transactionId, amount, ...remarks }: MovementCommand): Movement {
  const { description, reference, metadata, valueDate } = remarks;
  return {
    transactionId,
    amount: parseDecimal(amount, 'amount'),
    description,
    reference,
    metadata,
    valueDate,
  };
}

/** What a command that moves money does: on which accounts, each once, and what it decides on them. */
export interface MovementPlan {
  readonly accountIds: readonly string[];
  /** The new events of each account, in the order of the ids. @throws Refusal */
  decide(accountOf: (id: string) => BankAccountState): readonly (readonly BankAccountEvent[])[];
  /** Names that only one command may ever take. */
  readonly claims?: readonly OnceOnly[];
}

/** The handler of a command that moves money as its plan says. */
export function movementHandler<Command extends Message & MovementCommand, Answer>(
  planOf: (command: Command) => MovementPlan,
  answer: (events: readonly AnswerEvent[]) => Answer,
): (repository: Repository) => Handler<Command, CommandContext, Executed<Answer>> {
  return (repository) => async (command, context) =>
    executePlan(repository, planOf(command), { answer, resourceId: command.transactionId }, context);
}

/** Records what a plan decides, all or nothing. */
export function executePlan<Answer>(
  repository: Repository,
  { accountIds, decide, claims }: MovementPlan,
  made: { readonly resourceId: string; answer(events: readonly AnswerEvent[]): Answer },
  context: CommandContext,
): Promise<Executed<Answer>> {
  const on: readonly AggregateRef<BankAccountState, BankAccountEvent>[] = accountIds.map(bankAccount);
  const places = new Map(accountIds.map((id, place) => [id, place]));
  const decideOn = (states: readonly BankAccountState[]) =>
    decide((id) => {
      const state = states[places.get(id) ?? -1];
      if (state === undefined) throw new Error('A plan decides on an account that it does not name.');
      return state;
    });
  return repository.execute({ on, decide: decideOn, ...made, ...(claims && { claims }) }, context);
}
