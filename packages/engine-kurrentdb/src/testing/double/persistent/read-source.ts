import type { Store } from '../log/store.ts';
import { readFilter } from '../wire/filter.ts';
import { persistent } from '../wire/protocol.ts';
import { readStreamName } from '../wire/stream-name.ts';
import { createAllSource, createStreamSource, type Source } from './source.ts';

type Options = persistent.CreateReq.Options;

/** The largest unsigned number: how the deprecated field says "from the end". */
const END = 0xffff_ffff_ffff_ffffn;

/** The source that a new group names. */
export const readSource = (
  store: Store,
  options: Options,
  settings: persistent.CreateReq.Settings,
): Source => {
  const all = options.getAll();
  if (all !== undefined) return createAllSource(store, readAllTarget(all));
  const stream = options.getStream();
  if (stream === undefined) {
    // The client names streams by fields that are deprecated, for servers before 21.10.
    const from = BigInt(settings.getRevision());
    const name = readStreamName(options.getStreamIdentifier());
    return createStreamSource(store, { kind: 'stream', name, from: from === END ? 'end' : from });
  }
  const name = readStreamName(stream.getStreamIdentifier());
  const from = stream.hasStart() ? 'start' : stream.hasEnd() ? 'end' : BigInt(stream.getRevision());
  return createStreamSource(store, { kind: 'stream', name, from });
};

const readAllTarget = (all: persistent.CreateReq.AllOptions) => {
  const position = all.getPosition() ?? new persistent.CreateReq.Position();
  const at = {
    commit: BigInt(position.getCommitPosition()),
    prepare: BigInt(position.getPreparePosition()),
  };
  const from = all.hasStart() ? 'start' : all.hasEnd() ? 'end' : at;
  return { kind: 'all', from, filter: readFilter(all.getFilter()) } as const;
};
