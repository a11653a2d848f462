import { hash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type AppendStreamRequest,
  type AppendStreamState,
  jsonEvent,
  type KurrentDBClient,
  NO_STREAM,
} from '@kurrent/kurrentdb-client';
import type { Claim, Commit, EventStore, ExpectedRevision, NewEvent } from '@openbank/eventsourcing';
import { commitOf, createAccounts } from '../append/deposits.ts';

/** Streams that a run appends to in turn: a multiple of what is ever in flight, and several times as many. */
const STREAMS = 256;

/** Deposits to streams of their own, each on the revision that the one before has left, with a claim each or without. */
export function deposits(count: number, isClaimed: boolean): readonly Commit[] {
  const accounts = createAccounts(STREAMS);
  let recordedAt = Date.now() * 1000;
  const commits: Commit[] = [];
  while (commits.length < count)
    for (const account of accounts.slice(0, count - commits.length)) {
      const commit = commitOf(account, recordedAt++);
      commits.push(isClaimed ? commit : { ...commit, claims: [] });
    }
  return commits;
}

/** What whoever uses the client alone would give it, for the same bytes on the server: the claim first. */
export function requestsOf({ streams, claims }: Commit): AppendStreamRequest[] {
  return [
    ...claims.map(claimRequest),
    ...streams.map(({ stream, expected, events }) => ({
      streamName: stream,
      expectedState: expectedState(expected),
      events: events.map(storedEvent),
    })),
  ];
}

function claimRequest({ name, requestHash, events }: Claim): AppendStreamRequest {
  const data = { name, requestHash, events };
  return {
    streamName: `claim-${hash('sha256', name, 'hex')}`,
    expectedState: NO_STREAM,
    events: [jsonEvent({ id: randomUUID(), type: 'ClaimTaken', data, metadata: {} })],
  };
}

function expectedState(expected: ExpectedRevision): AppendStreamState {
  return expected === 'no-stream' ? NO_STREAM : BigInt(expected);
}

/** The engine's stored form. */
function storedEvent({ id, type, data, metadata, schemaVersion, recordedAt, link }: NewEvent) {
  const { correlation_id, causation_id, ...others } = metadata;
  const stored = {
    ...others,
    $correlationId: correlation_id,
    $causationId: causation_id,
    schema_version: String(schemaVersion),
    recorded_at: String(recordedAt),
    chain_link: link,
    commit_place: '0/1',
  };
  const given: Record<string, unknown> = JSON.parse(data);
  return jsonEvent({ id, type, data: given, metadata: stored });
}

/** @throws Error - what the engine stores is not what the client alone is given to store */
export async function assertSameStored(store: EventStore, client: KurrentDBClient): Promise<void> {
  for (const commit of deposits(1, true)) {
    await store.append(commit);
    for (const { streamName, events } of requestsOf(commit)) {
      const stored: unknown[] = [];
      for await (const { event } of client.readStream(streamName)) stored.push(event);
      if (!isDeepStrictEqual(stored.map(content), events.map(content)))
        throw new Error(
          `The engine stores another form of ${streamName} than the benchmark gives the client.`,
        );
    }
  }
}

/** Without what the server adds, to the metadata of appends to several streams too. */
function content(event: unknown): unknown {
  const { type, data, metadata }: { type?: unknown; data?: unknown; metadata?: unknown } = Object(event);
  const given = Object.entries(Object(metadata)).filter(([key]) => !key.startsWith('$schema.'));
  return { type, data, metadata: Object.fromEntries(given) };
}
