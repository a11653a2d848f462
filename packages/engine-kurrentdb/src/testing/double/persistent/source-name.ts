import type { shared } from '../wire/protocol.ts';
import { readStreamName } from '../wire/stream-name.ts';

/** The part of a request that names where a group's events come from. */
export interface SourceOptions {
  hasAll(): boolean;
  getStreamIdentifier(): shared.StreamIdentifier | undefined;
}

export const sourceName = (options: SourceOptions): string =>
  options.hasAll() ? '$all' : readStreamName(options.getStreamIdentifier());
