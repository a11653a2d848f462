/** Streams of claims: `claim-{hash of the name}`. */
export const CLAIM_PREFIX = 'claim-';

/** Streams of snapshots. */
export const SNAPSHOT_PREFIX = 'snapshot-';

/** What KurrentDB keeps for itself. */
const SYSTEM_PREFIX = '$';

const HIDDEN = [SYSTEM_PREFIX, CLAIM_PREFIX, SNAPSHOT_PREFIX];

/** Whether a stream is the server's or the engine's own, and so no part of the log that the port shows. */
export function isHidden(stream: string): boolean {
  return HIDDEN.some((prefix) => stream.startsWith(prefix));
}

/** The same as a regular expression for the server. */
export const SHOWN_STREAMS = '^(?!\\$|claim-|snapshot-)';
