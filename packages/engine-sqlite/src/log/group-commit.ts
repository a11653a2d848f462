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
} from './messages.ts';
import { toPosition } from './position.ts';
import { encodeCommit } from './wire.ts';

/** How much may wait for the writer. Past it a call is refused at once, rather than answered late. */
export interface QueueBounds {
  readonly commits: number;
  readonly events: number;
  /** Bytes, counted roughly. */
  readonly bytes: number;
}

export const QUEUE_BOUNDS: QueueBounds = { commits: 20_000, events: 50_000, bytes: 64 * 1024 * 1024 };
/** One group, so that none keeps the others waiting for long; a single commit may be larger. */
const GROUP_BOUNDS: QueueBounds = { commits: 2_000, events: 4_000, bytes: 8 * 1024 * 1024 };

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
  let queue: Pending[] = [];
  let underWay: readonly Pending[] = [];
  let waiting: QueueBounds = { commits: 0, events: 0, bytes: 0 };
  let scheduled = false;
  let stopped: Failure | undefined;
  let drain: (() => void) | undefined;

  const flush = () => {
    scheduled = false;
    if (underWay.length > 0) return;
    if (queue.length === 0) return drain?.();
    const size = groupSize(queue);
    underWay = queue.slice(0, size);
    queue = queue.slice(size);
    waiting = underWay.reduce(minus, waiting);
    parts.send(toMessage(underWay));
  };

  /** The calls that came in together, from one look at the sockets, go together. */
  const schedule = () => {
    if (scheduled || underWay.length > 0) return;
    scheduled = true;
    setImmediate(flush);
  };

  const enqueue = (pending: Pending) => {
    const more = plus(waiting, pending);
    if (exceeds(more, parts.bounds) || !parts.hasRoom(more.events)) throw overloaded();
    waiting = more;
    queue.push(pending);
    schedule();
  };

  const rejectAll = (group: readonly Pending[], failure: Failure) => {
    for (const { reject } of group) reject(toError(failure));
  };

  const stop = (failure: Failure) => {
    stopped = failure;
    rejectAll(underWay, unknown(failure));
    rejectAll(queue, unavailable(failure));
    underWay = [];
    queue = [];
    drain?.();
  };

  return {
    append: (commit) =>
      new Promise((resolve, reject) => {
        if (stopped !== undefined) throw toError(unavailable(stopped));
        enqueue({ ...sizeOf(commit), commit, resolve, reject });
      }),
    settle(outcome) {
      if (outcome.kind === 'unknown') return stop(outcome.failure);
      const group = underWay;
      underWay = [];
      if (outcome.kind === 'refused') rejectAll(group, outcome.failure);
      else answer(parts, group, outcome.answers);
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

function groupSize(queue: readonly Pending[]): number {
  let size: QueueBounds = { commits: 0, events: 0, bytes: 0 };
  const end = queue.findIndex((pending) => {
    size = plus(size, pending);
    return exceeds(size, GROUP_BOUNDS);
  });
  return end < 0 ? queue.length : Math.max(end, 1);
}

function toMessage(group: readonly Pending[]): GroupMessage {
  const message = { kind: 'group', commits: group.length, fields: [] } satisfies GroupMessage;
  for (const { commit } of group) encodeCommit(message.fields, commit);
  return message;
}

function sizeOf({ streams }: Commit): QueueBounds {
  let events = 0;
  let bytes = 0;
  for (const append of streams) {
    events += append.events.length;
    for (const { data } of append.events) bytes += data.length + 500;
  }
  return { commits: 1, events, bytes };
}

function plus(a: QueueBounds, b: QueueBounds): QueueBounds {
  return { commits: a.commits + b.commits, events: a.events + b.events, bytes: a.bytes + b.bytes };
}

function minus(a: QueueBounds, b: QueueBounds): QueueBounds {
  return { commits: a.commits - b.commits, events: a.events - b.events, bytes: a.bytes - b.bytes };
}

function exceeds(size: QueueBounds, bounds: QueueBounds): boolean {
  return size.commits > bounds.commits || size.events > bounds.events || size.bytes > bounds.bytes;
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
