import type { Commit, StreamAppend } from '../event-store/event-store.ts';
import type { MovedCommit, MovedEvent } from './moved-item.ts';

/** A commit as a store takes it; undefined where other streams lie between the events of one. */
export function toCommit({ events, claims }: MovedCommit): Commit | undefined {
  const streams: { stream: string; expected: StreamAppend['expected']; events: MovedEvent[] }[] = [];
  for (const event of events) {
    const { stream, revision } = event;
    const last = streams.at(-1);
    if (last?.stream === stream) last.events.push(event);
    else if (streams.some((append) => append.stream === stream)) return undefined;
    else streams.push({ stream, expected: revision === 0 ? 'no-stream' : revision - 1, events: [event] });
  }
  return { streams: streams.map(toAppend), claims };
}

function toAppend({ stream, expected, events }: StreamAppend & { readonly events: readonly MovedEvent[] }) {
  return {
    stream,
    expected,
    events: events.map(({ id, type, schemaVersion, recordedAt, data, metadata, link }) => ({
      id,
      type,
      schemaVersion,
      recordedAt,
      data,
      metadata,
      link,
    })),
  };
}

/** Whether two logs hold the same commit, both having the same ones before it: then links tell events apart. */
export function isSameCommit(one: MovedCommit, other: MovedCommit): boolean {
  return (
    one.events.length === other.events.length &&
    one.events.every(
      (event, at) => event.link === other.events[at]?.link && event.id === other.events[at]?.id,
    ) &&
    claimsText(one) === claimsText(other)
  );
}

function claimsText({ claims }: MovedCommit): string {
  return claims
    .map(({ name, requestHash, events }) =>
      JSON.stringify([name, requestHash, ...events.map(({ stream, first, last }) => [stream, first, last])]),
    )
    .sort()
    .join();
}
