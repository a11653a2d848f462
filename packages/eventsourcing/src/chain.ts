import { hash } from 'node:crypto';
import type { Metadata, NewEvent } from './event.ts';

/** The link before the first event of a stream. */
export const CHAIN_START = '0'.repeat(64);

/**
 * The link of an event: SHA-256, in hex, over the previous link of its stream and all that the event says. The position
 * is left out, so that the chain moves with export and import and is the same on every engine. Stream and type hold no
 * line feed and the data carries its length, so that no two events have the same text.
 */
export function chainLink(
  previous: string,
  stream: string,
  revision: number,
  event: Omit<NewEvent, 'link'>,
): string {
  const text = `${previous}\n${stream}\n${revision}\n${event.type}\n${event.schemaVersion}\n${event.id}\n${event.recordedAt}\n${event.data.length}\n${event.data}\n${sortedJson(event.metadata)}`;
  return hash('sha256', text, 'hex');
}

function sortedJson(metadata: Metadata): string {
  const keys = Object.keys(metadata);
  for (let i = 1; i < keys.length; i++) {
    if ((keys[i - 1] ?? '') > (keys[i] ?? '')) return JSON.stringify(metadata, keys.sort());
  }
  return JSON.stringify(metadata);
}
