import type { LogPosition } from '../log/log-record.ts';
import { type Filter, readFilter } from '../wire/filter.ts';
import { streams } from '../wire/protocol.ts';
import { readStreamName } from '../wire/stream-name.ts';
import type { EventForm } from './links.ts';

/** Where a reader starts: at an end, or at a place of its own. */
export type From<Place> = 'start' | 'end' | Place;

/** What a client asked to read, of either kind. */
export interface ReadRequest extends EventForm {
  readonly target: StreamTarget | AllTarget;
  readonly backwards: boolean;
  readonly count: number;
  readonly isSubscription: boolean;
  /** Whether the client wants to know the ends of a stream. */
  readonly wantsEnds: boolean;
}

export interface StreamTarget {
  readonly kind: 'stream';
  readonly name: string;
  readonly from: From<bigint>;
}

export interface AllTarget {
  readonly kind: 'all';
  readonly from: From<LogPosition>;
  readonly filter: Filter | undefined;
}

const BACKWARDS = streams.ReadReq.Options.ReadDirection.BACKWARDS;

/** Throws a `SyntaxError` for a filter that is no regular expression. */
export const readRequest = (options: streams.ReadReq.Options): ReadRequest => ({
  target: readTarget(options),
  backwards: options.getReadDirection() === BACKWARDS,
  count: Number(options.getCount()),
  isSubscription: options.hasSubscription(),
  structuredIds: options.getUuidOption()?.hasStructured() ?? false,
  resolveLinks: options.getResolveLinks(),
  wantsEnds: (options.getControlOption()?.getCompatibility() ?? 0) > 0,
});

const readTarget = (options: streams.ReadReq.Options): StreamTarget | AllTarget => {
  const stream = options.getStream();
  if (stream !== undefined) {
    const name = readStreamName(stream.getStreamIdentifier());
    return { kind: 'stream', name, from: startOf(stream) ?? BigInt(stream.getRevision()) };
  }
  const all = options.getAll() ?? new streams.ReadReq.Options.AllOptions();
  return { kind: 'all', from: startOf(all) ?? positionOf(all), filter: readFilter(options.getFilter()) };
};

const startOf = (options: { hasStart(): boolean; hasEnd(): boolean }): 'start' | 'end' | undefined => {
  if (options.hasStart()) return 'start';
  return options.hasEnd() ? 'end' : undefined;
};

const positionOf = (all: streams.ReadReq.Options.AllOptions): LogPosition => ({
  commit: BigInt(all.getPosition()?.getCommitPosition() ?? 0),
  prepare: BigInt(all.getPosition()?.getPreparePosition() ?? 0),
});
