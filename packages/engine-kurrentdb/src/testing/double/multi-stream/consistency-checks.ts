import grpc from '@grpc/grpc-js';
import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/expected-revision.ts';
import type { Store } from '../log/store.ts';
import { isSoftDeleted, lastRevision } from '../log/stream-state.ts';
import type { Failure } from '../wire/failures.ts';
import { errorsV2, type streamsV2 } from '../wire/protocol.ts';
import { failureV2, invalidRequest } from './failure-v2.ts';

/** States beside revisions that a violation reports. */
const SOFT_DELETED = -5n;
const TOMBSTONED = -6n;

export interface Check {
  readonly stream: string;
  readonly expected: bigint;
}

/** A check that does not hold, with what the stream is instead. */
export interface Violation extends Check {
  readonly index: number;
  readonly actual: bigint;
}

export const readChecks = (checks: readonly streamsV2.ConsistencyCheck[]): Check[] =>
  checks.map((check) => ({
    stream: check.getStreamState()?.getStream() ?? '',
    expected: BigInt(check.getStreamState()?.getExpectedState() ?? ANY),
  }));

export const checkFault = (list: readonly streamsV2.ConsistencyCheck[]): Failure | undefined => {
  const checks = readChecks(list);
  if (checks.some(({ expected }) => expected === ANY)) {
    const constants = 'NoStream (-1), Exists (-4), Deleted (-5), or Tombstoned (-6)';
    return invalid(
      `Expected state must be positive or one of the allowed constants: ${constants}. Any (-2) is not allowed.`,
    );
  }
  const names = new Set(checks.map(({ stream }) => stream.toLowerCase()));
  return names.size === checks.length
    ? undefined
    : invalid('Each stream can only appear once in consistency checks.');
};

const invalid = (description: string): Failure =>
  invalidRequest('AppendRecordsRequest', 'Checks', description);

/** The checks that do not hold. Writing to a tombstoned stream without a check of its own is one more. */
export const findViolations = (
  store: Store,
  checks: readonly Check[],
  written: readonly string[],
): Violation[] => {
  const unchecked = written.filter((stream) => !checks.some((check) => check.stream === stream));
  const all = [...checks, ...unchecked.map((stream) => ({ stream, expected: ANY }))];
  return all.flatMap((check, index) => {
    const actual = violatingState(store, check);
    return actual === undefined ? [] : [{ ...check, index, actual }];
  });
};

const violatingState = (store: Store, { stream: name, expected }: Check): bigint | undefined => {
  const stream = store.stream(name);
  const last = lastRevision(stream);
  if (store.isTombstoned(name)) return expected === TOMBSTONED ? undefined : TOMBSTONED;
  if (expected === ANY) return undefined;
  if (isSoftDeleted(stream)) {
    return [SOFT_DELETED, NO_STREAM, last].includes(expected) ? undefined : SOFT_DELETED;
  }
  const exists = last >= 0n || store.stream(`$$${name}`) !== undefined;
  const holds = expected === STREAM_EXISTS ? exists : expected === last;
  return holds ? undefined : last;
};

/** The failure that names every violation. */
export const violationFailure = (violations: readonly Violation[]): Failure => {
  const details = new errorsV2.AppendConsistencyViolationErrorDetails();
  for (const { index, stream, expected, actual } of violations) {
    const state = new errorsV2.ConsistencyViolation.StreamStateViolation().setStream(stream);
    state.setExpectedState(String(expected)).setActualState(String(actual));
    details.addViolations(new errorsV2.ConsistencyViolation().setCheckIndex(index).setStreamState(state));
  }
  const lines = violations.map((violation) => `\n - ${describe(violation)}`);
  return failureV2(
    grpc.status.FAILED_PRECONDITION,
    `Append failed due to consistency violations.\n${lines.join('')}`,
    'APPEND_CONSISTENCY_VIOLATION',
    {
      type: 'kurrentdb.protocol.v2.streams.errors.AppendConsistencyViolationErrorDetails',
      value: details.serializeBinary(),
    },
  );
};

const describe = ({ stream, expected, actual }: Violation): string => {
  if (expected === NO_STREAM && actual >= 0n)
    return `Stream '${stream}' already exists at revision ${actual}.`;
  const ending = expected >= 0n ? `, expected revision ${expected}.` : '.';
  return `Stream '${stream}' ${describeState(actual)}${ending}`;
};

const describeState = (actual: bigint): string => {
  if (actual === TOMBSTONED) return 'is tombstoned';
  if (actual === SOFT_DELETED) return 'is deleted';
  return actual < 0n ? 'does not exist' : `is at revision ${actual}`;
};
