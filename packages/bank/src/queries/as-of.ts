import {
  decoderOf,
  type EventReader,
  type Handler,
  type Message,
  type Position,
  type Projection,
  type ReadModelReader,
  replayModels,
  streamOf,
} from '@openbank/eventsourcing';
import { isBankAccountCreated } from '../domain/account-events.ts';
import { bankAccount, bankAccountAggregate } from '../domain/bank-account.ts';
import { isAccountOpened, person, personAggregate } from '../domain/person.ts';

/** A query that may ask for the past. */
export interface AsOf {
  /** The answer shows the log up to here, by replay, and nothing that came later; undefined: what is there now. */
  readonly asOf?: Position | undefined;
  /** Ends a replay that takes too long. */
  readonly deadline?: AbortSignal | undefined;
}

/** What a query is answered from when it asks for the past. */
interface Past<Query> {
  readonly projections: readonly Projection[];
  /** The streams that feed the answer; `all` where it is made from the whole log. */
  streams(query: Query): Promise<readonly string[]> | 'all';
}

/**
 * The handler of a query for now and for the past: the same, on read models that are made again from the log up to then.
 *
 * @param on - makes the handler
 */
export function nowOrThen<Query extends Message & AsOf, Answer>(
  on: (models: ReadModelReader) => Handler<Query, unknown, Answer>,
  live: ReadModelReader,
  reader: EventReader,
  { projections, streams }: Past<Query>,
): Handler<Query, unknown, Answer> {
  const now = on(live);
  return async (query, context) => {
    const { asOf: until, deadline: signal } = query;
    if (until === undefined) return now(query, context);
    const past = await replayModels({ reader, projections, streams: await streams(query), until, signal });
    return on(past)(query, context);
  };
}

/** The streams of an account and of its owner. */
export async function streamsOfAccount(log: EventReader, accountId: string): Promise<readonly string[]> {
  const stream = streamOf(bankAccount(accountId));
  for await (const page of log.readStream(stream, { limit: 1 })) {
    for (const recorded of page) {
      const event = decoderOf(bankAccountAggregate).read(recorded);
      if (isBankAccountCreated(event)) return [stream, streamOf(person(event.data.owner_id))];
    }
  }
  return [stream];
}

/** The streams of a person and of all accounts that were opened for the person: the person's own stream names them. */
export async function streamsOfOwner(log: EventReader, personId: string): Promise<readonly string[]> {
  const streams = [streamOf(person(personId))];
  for await (const page of log.readStream(streamOf(person(personId)))) {
    for (const recorded of page) {
      const event = decoderOf(personAggregate).read(recorded);
      if (isAccountOpened(event)) streams.push(streamOf(bankAccount(event.data.account_id)));
    }
  }
  return streams;
}
