import type { DomainEvent, Position } from '../event.ts';
import type { AggregateRef } from './aggregate.ts';

/** What came with a command: who, why, and how its repeats are told. Its ids were made at the edge. */
export interface CommandContext {
  /** UUID of this command. */
  readonly commandId: string;
  /** What the whole conversation is known by; the first command's id where the caller names none. */
  readonly correlationId: string;
  /** The message that caused this one; the command's own id where nothing did. */
  readonly causationId: string;
  /** W3C trace context of the caller. */
  readonly traceparent?: string | undefined;
  /** Pseudonym of who acts; undefined where nobody was authenticated. */
  readonly actor: string | undefined;
  readonly idempotency?: Idempotency | undefined;
  /** The revision that the caller has seen of the first aggregate (`If-Match`). Never retried. */
  readonly expectedRevision?: number | undefined;
  /** Answers what would be answered, and records nothing: see `Repository.execute`. */
  readonly dryRun?: boolean | undefined;
}

/** The claim that makes a command happen once. */
export interface Idempotency {
  /** `idempotency/{caller}/{key}` */
  readonly claim: string;
  readonly requestHash: string;
}

/** Any aggregate, its types forgotten. */
export type AnyRef = AggregateRef<unknown, DomainEvent>;

/** The states of some aggregates, in their order. */
export type StatesOf<Refs extends readonly AnyRef[]> = {
  readonly [Index in keyof Refs]: Refs[Index] extends AggregateRef<infer State, DomainEvent> ? State : never;
};

/** The new events of some aggregates, a list for each, in their order. */
export type DecidedEvents<Refs extends readonly AnyRef[]> = {
  readonly [Index in keyof Refs]: Refs[Index] extends AggregateRef<unknown, infer Event>
    ? readonly Event[]
    : never;
};

/** What a command handler asks of the repository. */
export interface Execution<Refs extends readonly AnyRef[], Answer> {
  /** The aggregates it decides on, each once. It waits in the queues of all of them. */
  readonly on: Refs;
  /**
   * Pure: the new events from the states. A refusal is a thrown error. It may run again on newer states.
   * An aggregate that does not exist has its initial state.
   */
  decide(states: StatesOf<Refs>): DecidedEvents<Refs>;
  /** The answer, from the command's own events alone: the same now and whenever the command is repeated. */
  answer(events: readonly AnswerEvent[]): Answer;
  /** Runs after the command was accepted and before it is appended, for example to make a key durable. */
  readonly prepare?: () => Promise<void>;
  /** Names that only one command may ever take, beside its idempotency key. */
  readonly claims?: readonly OnceOnly[];
  /** Id of the resource that the command makes: named to the caller where the outcome stays unknown. */
  readonly resourceId?: string;
}

export interface OnceOnly {
  readonly claim: string;
  /** The refusal when another command has taken it. */
  taken(): Error;
}

/** An event of a command as its answer is made from: recorded, its personal data in the clear again. */
export interface AnswerEvent {
  readonly event: DomainEvent;
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  /** Microseconds since 1970. */
  readonly recordedAt: number;
}

export interface Executed<Answer> {
  readonly answer: Answer;
  /** A read model at this position shows what the command did. */
  readonly position: Position;
  /** Revision of the first aggregate's last event of this command. */
  readonly revision: number;
  /** Whether this is the first answer again, to a repeated idempotency key. */
  readonly replayed: boolean;
}
