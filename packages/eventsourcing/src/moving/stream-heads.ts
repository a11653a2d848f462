import { CHAIN_START, chainLink } from '../chain.ts';
import type { MovedCommit, MovedEvent } from './moved-item.ts';

/** Follows the chain of every stream, so that nothing is moved that does not fit it. Some 300 bytes a stream. */
export interface StreamHeads {
  /** What is wrong with a commit that comes next; undefined where nothing is, and then it is taken in. */
  faultOf(commit: MovedCommit): string | undefined;
}

interface Head {
  readonly revision: number;
  readonly recordedAt: number;
  readonly link: string;
}

const START: Head = { revision: -1, recordedAt: -1, link: CHAIN_START };

export function createStreamHeads(): StreamHeads {
  const heads = new Map<string, Head>();
  return {
    faultOf({ events }) {
      if (events.length === 0) return 'it has no events';
      const next = new Map<string, Head>();
      for (const event of events) {
        const { stream, revision, recordedAt } = event;
        const before = next.get(stream) ?? heads.get(stream) ?? START;
        // The link that was made here, and not the equal one that may keep a whole page of text alive.
        const link = chainLink(before.link, stream, revision, event);
        const fault = faultAfter(before, event, link);
        if (fault !== undefined) return `${stream}@${revision}: ${fault}`;
        next.set(stream, { revision, recordedAt, link });
      }
      for (const [stream, head] of next) heads.set(stream, head);
      return undefined;
    },
  };
}

function faultAfter(
  before: Head,
  { revision, recordedAt, link }: MovedEvent,
  made: string,
): string | undefined {
  if (revision !== before.revision + 1) return `revision ${before.revision + 1} of its stream was to come`;
  if (recordedAt <= before.recordedAt) return 'it was not recorded after the event before it in its stream';
  return link === made ? undefined : 'its link is not that of this event after the one before it';
}
