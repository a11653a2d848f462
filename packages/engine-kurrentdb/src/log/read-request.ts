import shared from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/shared_pb.js';
import streams from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { Position } from '@openbank/eventsourcing';
import { toPlace } from '../events/position.ts';
import { SHOWN_STREAMS } from '../events/stream-names.ts';

export type ReadRequest = streams.ReadReq;
type Options = streams.ReadReq.Options;
type FilterOptions = streams.ReadReq.Options.FilterOptions;

const { Options } = streams.ReadReq;
const { AllOptions, ControlOption, FilterOptions, StreamOptions, SubscriptionOptions, UUIDOption } = Options;

/** Events of one stream. Without a revision: from its first forwards, from its last backwards. */
export function streamRequest(
  stream: string,
  from: number | undefined,
  direction: 'forwards' | 'backwards',
  count: number,
): ReadRequest {
  const of = new StreamOptions().setStreamIdentifier(
    new shared.StreamIdentifier().setStreamName(Buffer.from(stream)),
  );
  if (from !== undefined) of.setRevision(String(from));
  else if (direction === 'forwards') of.setStart(new shared.Empty());
  else of.setEnd(new shared.Empty());
  const options = baseOptions(direction).setStream(of).setNoFilter(new shared.Empty());
  return requestOf(options.setCount(String(count)));
}

/** The log from a position, that of an event included, or from its start. No prefixes: all that the port shows. */
export function logRequest(
  from: Position | undefined,
  prefixes: readonly string[] | undefined,
  count: number,
): ReadRequest {
  const options = baseOptions('forwards').setAll(allFrom(from)).setFilter(filterFor(prefixes));
  return requestOf(options.setCount(String(count)));
}

/** The last event of the log that the port shows. */
export function headRequest(): ReadRequest {
  const all = new AllOptions().setEnd(new shared.Empty());
  return requestOf(baseOptions('backwards').setAll(all).setFilter(filterFor(undefined)).setCount('1'));
}

/** What comes after a position, that of an event left out, as it comes. */
export function subscriptionRequest(after: Position | undefined): ReadRequest {
  const options = baseOptions('forwards').setAll(allFrom(after)).setFilter(filterFor(undefined));
  return requestOf(options.setSubscription(new SubscriptionOptions()));
}

function requestOf(options: Options): ReadRequest {
  return new streams.ReadReq().setOptions(options);
}

function baseOptions(direction: 'forwards' | 'backwards'): Options {
  return new Options()
    .setReadDirection(direction === 'forwards' ? FORWARDS : BACKWARDS)
    .setResolveLinks(false)
    .setUuidOption(new UUIDOption().setString(new shared.Empty()))
    .setControlOption(new ControlOption().setCompatibility(1));
}

const FORWARDS = 0;
const BACKWARDS = 1;

function allFrom(position: Position | undefined) {
  if (position === undefined) return new AllOptions().setStart(new shared.Empty());
  const { commit, prepare } = toPlace(position);
  return new AllOptions().setPosition(
    new Options.Position().setCommitPosition(commit).setPreparePosition(prepare),
  );
}

function filterFor(prefixes: readonly string[] | undefined): FilterOptions {
  const expression = new FilterOptions.Expression();
  // Every name has the empty prefix, those of the server and of the engine too.
  if (prefixes === undefined || prefixes.includes('')) expression.setRegex(SHOWN_STREAMS);
  else expression.setPrefixList([...prefixes]);
  return new FilterOptions()
    .setStreamIdentifier(expression)
    .setMax(SEARCH_WINDOW)
    .setCheckpointintervalmultiplier(CHECKPOINT_WINDOWS);
}

/** Events that the server goes over at a time. Its own default is 32; fewer turns find the next one of few sooner. */
const SEARCH_WINDOW = 512;

/** Windows from one checkpoint to the next. They are not looked at: subscriptions only wake, positions come from reading. */
const CHECKPOINT_WINDOWS = 1000;
