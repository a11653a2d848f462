import type { LogRecord } from './log-record.ts';

/** `$tb` of a soft-deleted stream, and the revision of a tombstone. */
export const DELETED = 0x7fff_ffff_ffff_ffffn;

/** What the server knows of one stream. */
export interface StreamState {
  readonly name: string;
  /** By revision, without gaps: nothing is scavenged here. */
  readonly events: LogRecord[];
  limits: StreamLimits;
  tombstoned: boolean;
}

/** What a stream's metadata hides from its readers, but not from readers of `$all`. */
export interface StreamLimits {
  readonly truncateBefore: bigint;
  readonly maxCount: number;
  /** Seconds. */
  readonly maxAge: number;
}

const NO_LIMITS: StreamLimits = { truncateBefore: 0n, maxCount: Number.POSITIVE_INFINITY, maxAge: 0 };

/** A stream without events. A metadata stream shows its last event only. */
export const createStream = (name: string): StreamState => ({
  name,
  events: [],
  limits: name.startsWith('$$') ? { ...NO_LIMITS, maxCount: 1 } : NO_LIMITS,
  tombstoned: false,
});

/** The revision of the last event; -1 for a stream without events. */
export const lastRevision = (stream: StreamState | undefined): bigint =>
  BigInt(stream?.events.length ?? 0) - 1n;

export const isSoftDeleted = (stream: StreamState | undefined): boolean =>
  stream?.limits.truncateBefore === DELETED;

/** The first revision that readers of the stream may see, apart from `maxAge`. */
export const firstVisible = (stream: StreamState): number => {
  const { truncateBefore, maxCount } = stream.limits;
  const length = stream.events.length;
  const before = truncateBefore > BigInt(length) ? length : Number(truncateBefore);
  return Math.max(before, length - maxCount, 0);
};

/** Whether `maxAge` still shows an event. */
export const isYoungEnough = (stream: StreamState, event: LogRecord): boolean =>
  stream.limits.maxAge === 0 ||
  event.created >= (BigInt(Date.now()) - BigInt(stream.limits.maxAge) * 1000n) * 10_000n;

/** Whether readers of the stream may see an event. */
export const isVisible = (stream: StreamState, event: LogRecord): boolean =>
  Number(event.revision) >= firstVisible(stream) && isYoungEnough(stream, event);

/** Reads `$maxCount`, `$maxAge` and `$tb`. Metadata that cannot be read limits nothing, as on a real server. */
export const limitsFrom = (metadata: Uint8Array): StreamLimits => {
  try {
    const { $tb = 0, $maxCount, $maxAge = 0 } = JSON.parse(exactTruncation(metadata));
    return { truncateBefore: BigInt($tb), maxCount: countFrom($maxCount), maxAge: Number($maxAge) || 0 };
  } catch {
    return NO_LIMITS;
  }
};

const countFrom = (value: unknown): number => (typeof value === 'number' ? value : NO_LIMITS.maxCount);

/** 2^63-1 is no JavaScript number: as text it survives the parser. */
const exactTruncation = (metadata: Uint8Array): string =>
  Buffer.from(metadata)
    .toString('utf8')
    .replace(/("\$tb"\s*:\s*)(\d+)/, '$1"$2"');
