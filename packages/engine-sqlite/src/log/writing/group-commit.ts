import {
  type Appended,
  ClaimTaken,
  type Commit,
  EventSourcingError,
  RevisionConflict,
} from '@openbank/eventsourcing';
import {
  type Answer,
  type Failure,
  type GroupMessage,
  type GroupOutcome,
  type Refused,
  toError,
} from '../messages.ts';
import { toPosition } from '../position.ts';
import { countWithin, exceeds, minus, NOTHING, plus, type QueueBounds, sizeOf } from './queue-bounds.ts';
import { encodeCommits } from './wire.ts';

/** Commits that are sent on before their group is complete. */
const PART = 16;

/** The caller's side of group commit: what arrives while a group is written forms the next one. No timer. */
export interface GroupCommit {
  append(commit: Commit): Promise<Appended>;
  /** The writer's word on the group that was under way. */
  settle(outcome: GroupOutcome): void;
  /** The writer has gone: what was under way is unknown, and what waits was not written. */
  stop(failure: Failure): void;
  /** Resolves when nothing waits and nothing is under way. */
  drained(): Promise<void>;
}

export interface GroupCommitParts {
  readonly bounds: QueueBounds;
  send(message: GroupMessage): void;
  /** Whether the tail has room for so many events beside those that wait. */
  hasRoom(events: number): boolean;
  /** A commit has become durable; those of a group in their order, before any of them is answered. */
  committed(commit: Commit, last: number): void;
  /** All of a group have. */
  groupCommitted(): void;
}

interface Pending extends QueueBounds {
  readonly commit: Commit;
  resolve(appended: Appended): void;
  reject(error: Error): void;
}

export function createGroupCommit(parts: GroupCommitParts): GroupCommit {
  const queue: Pending[] = [];
  let waiting = NOTHING;
  /** The group that the writer has; `sealed` when it has all of it and is making it durable. */
  let group: Pending[] = [];
  let size = NOTHING;
  let sealed = false;
  let scheduled = false;
  let stopped: Failure | undefined;
  let drain: (() => void) | undefined;

  const send = (last: boolean) => {
    const fits = countWithin(queue, size);
    const part = queue.splice(0, fits);
    sealed = last || queue.length > 0;
    group.push(...part);
    size = part.reduce(plus, size);
    waiting = part.reduce(minus, waiting);
    parts.send({ kind: 'group', last: sealed, ...encodeCommits(part.map(({ commit }) => commit)) });
  };

  const seal = () => {
    scheduled = false;
    if (sealed || stopped !== undefined) return;
    if (queue.length + group.length > 0) send(true);
    else drain?.();
  };

  /** The calls that came in together, from one look at the sockets, go together. */
  const schedule = () => {
    if (scheduled || sealed) return;
    scheduled = true;
    setImmediate(seal);
  };

  const enqueue = (pending: Pending) => {
    const more = plus(waiting, pending);
    if (exceeds(more, parts.bounds) || !parts.hasRoom(more.events)) throw overloaded();
    waiting = more;
    queue.push(pending);
    // The writer begins while this thread still makes the rest.
    if (!sealed && queue.length >= PART) send(false);
    schedule();
  };

  const stop = (failure: Failure) => {
    stopped = failure;
    for (const { reject } of group.splice(0)) reject(toError(unknown(failure)));
    for (const { reject } of queue.splice(0)) reject(toError(unavailable(failure)));
    drain?.();
  };

  const settle = (outcome: GroupOutcome) => {
    if (outcome.kind === 'unknown') return stop(outcome.failure);
    const settled = group;
    group = [];
    size = NOTHING;
    sealed = false;
    // The writer does not wait until this thread has answered.
    if (queue.length > 0) send(true);
    if (outcome.kind === 'answers') return answer(parts, settled, outcome.answers);
    for (const { reject } of settled) reject(toError(outcome.failure));
  };

  return {
    append: (commit) =>
      new Promise((resolve, reject) => {
        if (stopped !== undefined) throw toError(unavailable(stopped));
        enqueue({ ...sizeOf(commit), commit, resolve, reject });
      }),
    settle(outcome) {
      settle(outcome);
      schedule();
    },
    stop,
    drained: () =>
      new Promise((resolve) => {
        drain = resolve;
        schedule();
      }),
  };
}

function answer(parts: GroupCommitParts, group: readonly Pending[], answers: readonly Answer[]): void {
  for (const [i, { commit }] of group.entries()) {
    const last = answers[i];
    if (typeof last === 'number') parts.committed(commit, last);
  }
  parts.groupCommitted();
  for (const [i, pending] of group.entries()) settleOne(pending, answers[i]);
}

function settleOne({ resolve, reject }: Pending, answer: Answer | undefined): void {
  if (answer === undefined) throw new Error('unreachable: the writer answers every commit of a group');
  if (typeof answer === 'number') resolve({ position: toPosition(answer) });
  else if (answer.kind === 'repeat') resolve({ position: answer.position });
  else reject(errorOf(answer));
}

function errorOf(answer: Refused): Error {
  switch (answer.kind) {
    case 'conflict':
      return new RevisionConflict(answer.stream, answer.expected, answer.actual);
    case 'taken':
      return new ClaimTaken(answer.claim);
    case 'failed':
      return toError(answer.failure);
  }
}

function overloaded(): EventSourcingError {
  return new EventSourcingError(
    'overloaded',
    'More is waiting to be written than is taken: try again in a moment.',
  );
}

function unknown({ message }: Failure): Failure {
  return { code: 'outcome-unknown', message: `Nobody knows whether this was written: ${message}` };
}

function unavailable({ message }: Failure): Failure {
  return {
    code: 'store-unavailable',
    message: `The event store has stopped, nothing was written: ${message}`,
  };
}
