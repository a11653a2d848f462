import { setTimeout as delay } from 'node:timers/promises';
import { convertToCommandError, ErrorType } from '@kurrent/kurrentdb-client';
import {
  type Appended,
  type Commit,
  EventSourcingError,
  type JudgedCommit,
  judgeCommit,
} from '@openbank/eventsourcing';
import { isType, toAppendError, toReadError } from '../connection/store-error.ts';
import { proposedAppends } from '../events/proposed-commit.ts';
import type { ProposedAppend } from '../events/proposed-event.ts';
import { type AppendAnswer, appendToOne, appendToSeveral } from './append-calls.ts';
import { patiently } from './patiently.ts';
import type { Source } from './source.ts';
import { lookUp, positionAt } from './stored-facts.ts';

/** Tries of an append whose conflict cannot be found by reading, before that is said. */
const TRIES = 3;

/**
 * Appends a valid commit, or several of different streams, in this order, all of them or none. The server recognises the
 * identical commit again by its event ids and answers it with the first position. It calls everything else a conflict that
 * is not as expected; what kind of conflict, and of which stream or claim, the kit's rules decide on what the leader shows:
 * the server names a stream that is there already even if it is not the stale one.
 *
 * @throws RevisionConflict, ClaimTaken
 * @throws EventSourcingError as the port's `append`
 */
export async function append(source: Source, commits: readonly Commit[]): Promise<Appended> {
  // Before anything is awaited: the caller may change its commit afterwards.
  const appends = commits.flatMap(proposedAppends);
  const judged = judgedCommit(commits);
  for (let tries = 1; tries <= TRIES; tries++) {
    const answer = await send(source, appends);
    if (answer.kind === 'written') return { position: await positionOf(source, appends, answer) };
    const judgement = judgeCommit(judged, await lookUp(source, judged));
    if (judgement.kind === 'refused') throw judgement.error;
    if (judgement.kind === 'repeat') return { position: judgement.position };
    await delay(PAUSE_MS);
  }
  throw new EventSourcingError(
    'store-unavailable',
    'KurrentDB refuses the commit for a conflict that cannot be found: nothing was written, try again.',
  );
}

/** Between tries: what one node refuses another may not show yet. */
const PAUSE_MS = 20;

async function send({ client, timeouts }: Source, appends: readonly ProposedAppend[]): Promise<AppendAnswer> {
  const [first, second] = appends;
  try {
    return await patiently(
      () =>
        first !== undefined && second === undefined
          ? appendToOne(client, first, timeouts.append)
          : appendToSeveral(client, appends, timeouts.append),
      (error) => isType(convertToCommandError(error), ErrorType.NOT_LEADER),
    );
  } catch (error) {
    if (!(error instanceof Error)) throw toAppendError(error);
    const told = convertToCommandError(error);
    throw UNTOUCHED.test(error.message) ? toReadError(told, 'append') : toAppendError(told);
  }
}

/** Nothing was written: the server has not begun, or the call has not left this process. */
const UNTOUCHED =
  /Server Is Too Busy|Server Is Not Ready|Channel closed before call started|[Ww]aiting for (LB pick|name resolution)/;

type Written = Extract<AppendAnswer, { readonly kind: 'written' }>;

/** The position of the commit's last event; where the server does not tell it, as for some repeats, it is read. */
async function positionOf(
  source: Source,
  appends: readonly ProposedAppend[],
  { position, revisions }: Written,
) {
  for (const append of appends) expectRevision(append, revisions.get(append.stream));
  if (position !== undefined) return position;
  const last = appends.at(-1);
  const read = last && (await positionAt(source, last.stream, lastRevision(last)));
  if (read !== undefined) return read;
  throw deleted(last?.stream ?? '');
}

/** A stream that was deleted takes up at a revision where its last one was, whatever the commit expects. */
function expectRevision(append: ProposedAppend, revision: number | undefined): void {
  if (revision !== lastRevision(append)) throw deleted(append.stream);
}

function lastRevision({ expected, events }: ProposedAppend): number {
  return (expected === 'no-stream' ? -1 : expected) + events.length;
}

function deleted(stream: string): EventSourcingError {
  return new EventSourcingError(
    'store-damaged',
    `The stream ${stream} was deleted in KurrentDB, and has lost its events: restore the store from a backup.`,
  );
}

/** What the rules look at, kept from a caller who changes its commit. */
function judgedCommit(commits: readonly Commit[]): JudgedCommit {
  return {
    streams: commits.flatMap(({ streams }) =>
      streams.map(({ stream, expected, events }) => ({
        stream,
        expected,
        events: events.map(({ id }) => ({ id })),
      })),
    ),
    claims: structuredClone(commits.flatMap(({ claims }) => claims)),
  };
}
