import { randomUUID } from 'node:crypto';
import { CHAIN_START, type Commit, chainLink, type NewEvent } from '@openbank/eventsourcing';

/** Makes commits of one event with a claim, as a bank's deposits are, on a stream that nobody else appends to. */
export interface Committer {
  next(): Commit;
}

/** Microseconds for whoever stamps events, strictly increasing from a start. */
export function createStamps(after: number): () => number {
  let last = after;
  return () => {
    last = Math.max(Date.now() * 1000, last + 1);
    return last;
  };
}

export function createCommitter(stream: string, stamp: () => number): Committer {
  let link = CHAIN_START;
  let revision = 0;
  return {
    next() {
      const event = linked(link, stream, revision, stamp());
      link = event.link;
      const expected = revision === 0 ? 'no-stream' : revision - 1;
      const claim = {
        name: `idempotency/anonymous/${event.id}`,
        requestHash: event.link,
        events: [{ stream, first: revision, last: revision }],
      };
      revision++;
      return { streams: [{ stream, expected, events: [event] }], claims: [claim] };
    },
  };
}

function linked(previous: string, stream: string, revision: number, recordedAt: number): NewEvent {
  const id = randomUUID();
  const event = {
    id,
    type: 'MoneyDeposited',
    schemaVersion: 1,
    recordedAt,
    data: JSON.stringify({
      amount: '100.00',
      balance: '1000.00',
      currency: 'EUR',
      personal: stream.padEnd(160, 'x'),
    }),
    metadata: metadataOf(id, stream),
  };
  return { ...event, link: chainLink(previous, stream, revision, event) };
}

function metadataOf(id: string, stream: string) {
  return {
    actor: 'anonymous',
    aggregate_id: stream,
    aggregate_type: 'BankAccount',
    causation_id: id,
    command_id: id,
    command_index: '0',
    commit_id: id,
    commit_index: '0',
    commit_size: '1',
    correlation_id: id,
  };
}
