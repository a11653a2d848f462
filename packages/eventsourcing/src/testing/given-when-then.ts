import assert from 'node:assert/strict';
import type { DomainEvent } from '../event.ts';
import type { Aggregate } from '../repository/aggregate.ts';

/** What has happened so far; `when` says what is decided on it. */
export interface Given<State, Event extends DomainEvent> {
  when(decide: (state: State) => readonly Event[]): Decided<Event>;
}

/** What a decision came to. Each check throws an `AssertionError` that shows what came instead. */
export interface Decided<Event extends DomainEvent> {
  /** Exactly these events, in this order. */
  then(expected: readonly Event[]): void;
  /** A thrown error with this `code`. */
  thenRefused(code: string): void;
  /** No event, and no refusal. */
  thenNothing(): void;
}

/**
 * States what an aggregate decides, in the words of its domain; runs under any test runner.
 *
 * ```ts
 * given(bankAccount, [created]).when((account) => recordDeposit(account, command)).then([recorded]);
 * given(bankAccount, [created, frozen]).when((account) => recordDeposit(account, command)).thenRefused('account-frozen');
 * ```
 *
 * States and events are frozen: a decision or an `evolve` that changes what it was given is an error here, as is an
 * event that the aggregate does not declare or cannot evolve.
 */
export function given<State, Event extends DomainEvent>(
  aggregate: Aggregate<State, Event>,
  events: readonly Event[] = [],
): Given<State, Event> {
  const state = fold(aggregate, aggregate.initialState, events);
  return {
    when(decide) {
      const outcome = decideOn(state, decide);
      if (outcome.events !== undefined) fold(aggregate, state, outcome.events);
      return checks(outcome);
    },
  };
}

type Outcome<Event> =
  | { readonly events: readonly Event[]; readonly refusal?: undefined }
  | { readonly events?: undefined; readonly refusal: Refusal };

type Refusal = Error & { readonly code: unknown };

function decideOn<State, Event>(state: State, decide: (state: State) => readonly Event[]): Outcome<Event> {
  try {
    return { events: decide(state) };
  } catch (error) {
    // What has no code is no refusal but a defect, and is shown as it is.
    if (error instanceof Error && 'code' in error) return { refusal: error };
    throw error;
  }
}

function checks<Event extends DomainEvent>(outcome: Outcome<Event>): Decided<Event> {
  function expectEvents(expected: readonly Event[]): void {
    if (outcome.refusal !== undefined) failByRefusal(`Expected ${expected.length} events`, outcome.refusal);
    else assert.deepEqual(outcome.events, expected);
  }

  return {
    // biome-ignore lint/suspicious/noThenProperty: the word of the method; whoever awaits it by mistake gets an error
    then: expectEvents,
    thenNothing: () => expectEvents([]),
    thenRefused(code) {
      if (outcome.refusal === undefined) failByEvents(code, outcome.events);
      else if (outcome.refusal.code !== code) failByRefusal(`Expected ${code}`, outcome.refusal);
    },
  };
}

function failByRefusal(expectation: string, refusal: Refusal): never {
  const message = `${expectation}, but it was refused with ${String(refusal.code)}: ${refusal.message}`;
  throw Object.assign(new assert.AssertionError({ message }), { cause: refusal });
}

function failByEvents(code: string, actual: readonly DomainEvent[]): never {
  const came = actual.length === 0 ? 'nothing' : actual.map(({ type }) => type).join(', ');
  assert.fail(`Expected to be refused with ${code}, but this happened: ${came}`);
}

function fold<State, Event extends DomainEvent>(
  aggregate: Aggregate<State, Event>,
  initial: State,
  events: readonly Event[],
): State {
  let state = frozen(initial);
  for (const event of frozen(events)) {
    assert.ok(
      aggregate.eventTypes.includes(event.type),
      `${event.type} is not among the eventTypes of ${aggregate.type}: declare it there.`,
    );
    state = frozen(aggregate.evolve(state, event));
  }
  return state;
}

function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const each of Object.values(value)) frozen(each);
  return value;
}
