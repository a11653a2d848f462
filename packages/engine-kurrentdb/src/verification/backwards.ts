import { setTimeout as delay } from 'node:timers/promises';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { Position } from '@openbank/eventsourcing';
import { toPlace } from '../events/position.ts';
import { type PlacedEvent, positionOf, type StoredEvent, toPlacedEvent } from '../events/stored-event.ts';
import { headRequest, type ReadRequest } from '../log/read-request.ts';
import { readFrom, type Source } from '../log/source.ts';

/**
 * Where the log ends, as the leader has it; undefined where it is empty. A commit of which a part is to be seen will be whole in a
 * moment; one that does not become whole is damage, and not left out.
 */
export async function endOfLog(source: Source): Promise<Position | undefined> {
  for (let looks = 1; ; looks++) {
    const last = await lastEvent(source);
    const isEnd = last === undefined || last.place.index === last.place.size - 1;
    if (isEnd || looks === LOOKS) return last?.event.position;
    await delay(PAUSE_MS);
  }
}

const LOOKS = 20;
const PAUSE_MS = 50;

async function lastEvent(source: Source): Promise<PlacedEvent | undefined> {
  let last: PlacedEvent | undefined;
  await readBackwards(source, undefined, Number.MAX_SAFE_INTEGER, (_, placed) => {
    last = placed;
    return last === undefined;
  });
  return last;
}

/** Events that the guess goes by. Where there are fewer, it is exact. */
const SAMPLE = 1_000;

/** Positions are bytes: as many events as there would be if all took as many as the last of them. */
export async function aboutSoManyEvents(source: Source, through: Position): Promise<number> {
  // What stands at the position itself does not come.
  let events = 1;
  let first = 0n;
  await readBackwards(source, through, SAMPLE, (stored, placed) => {
    first = BigInt(toPlace(positionOf(stored)).commit);
    if (placed !== undefined) events++;
    return true;
  });
  const last = BigInt(toPlace(through).commit);
  if (events <= SAMPLE || first === last) return events;
  return Math.round((events * Number(last)) / Number(last - first));
}

/** What the port shows, from the end, or from what stands before a position, backwards. */
async function readBackwards(
  source: Source,
  from: Position | undefined,
  count: number,
  take: (stored: StoredEvent, placed: PlacedEvent | undefined) => boolean,
): Promise<void> {
  const reading = { what: 'read the log backwards', deadline: source.timeouts.scan };
  await readFrom(source, backwardsRequest(from, count), reading, (message) => {
    const stored = message.getEvent()?.getEvent();
    return stored === undefined || take(stored, toPlacedEvent(stored));
  });
}

function backwardsRequest(from: Position | undefined, count: number): ReadRequest {
  const request = headRequest();
  const options = request.getOptions();
  options?.setCount(String(count));
  if (from === undefined) return request;
  const { commit, prepare } = toPlace(from);
  options?.getAll()?.clearEnd();
  options
    ?.getAll()
    ?.setPosition(
      new streams.ReadReq.Options.Position().setCommitPosition(commit).setPreparePosition(prepare),
    );
  return request;
}
