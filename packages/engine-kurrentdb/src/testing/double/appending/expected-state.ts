import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/expected-revision.ts';

/** The part of a v1 request that says what is expected of the stream. */
interface ExpectingOptions {
  hasAny(): boolean;
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
}

/** The expectation of a v1 request; `revision` is what its own field for a revision holds. */
export const expectedState = (options: ExpectingOptions, revision: string): bigint => {
  if (options.hasAny()) return ANY;
  if (options.hasNoStream()) return NO_STREAM;
  if (options.hasStreamExists()) return STREAM_EXISTS;
  return BigInt(revision);
};
