import { hash } from 'node:crypto';
import type { Snapshot } from './snapshot-store.ts';

/** A snapshot with its checksum. */
export function sealSnapshot(content: Omit<Snapshot, 'checksum'>): Snapshot {
  return { ...content, checksum: checksumOf(content) };
}

/** Whether all of it is as it was sealed. */
export function isIntact(snapshot: Snapshot): boolean {
  return snapshot.checksum === checksumOf(snapshot);
}

/** SHA-256 in hex. */
function checksumOf(snapshot: Omit<Snapshot, 'checksum'>): string {
  const { stream, version, revision, link, recordedAt, position, state } = snapshot;
  return hash(
    'sha256',
    JSON.stringify([stream, version, revision, link, recordedAt, position, state]),
    'hex',
  );
}
