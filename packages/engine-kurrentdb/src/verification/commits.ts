import {
  type Claim,
  type Findings,
  placeOf,
  type RecordedCommit,
  type RecordedEvent,
} from '@openbank/eventsourcing';
import type { PlacedEvent } from '../events/stored-event.ts';

/** Puts events together to commits: claims first, then events in the order that each notes. */
export interface CommitGrouping {
  /** @param place - where the claim is, for findings */
  addClaim(claim: Claim, place: string): readonly RecordedCommit[];
  /** @returns the commits that end with this event, and what is left of one that did not end before it */
  addEvent(event: PlacedEvent): readonly RecordedCommit[];
  /** What is left where the log ends. */
  end(): readonly RecordedCommit[];
}

export function createCommitGrouping(findings: Findings): CommitGrouping {
  let claims: Claim[] = [];
  let events: RecordedEvent[] = [];
  let size = 0;
  /** Of the first claim that has been met before its events. */
  let claimPlace = '';

  function take(): readonly RecordedCommit[] {
    const commit = { events, claims };
    [events, claims, size] = [[], [], 0];
    return commit.events.length === 0 ? [] : [commit];
  }

  /** The open commit ends here, whether it is whole or not. */
  function close(): readonly RecordedCommit[] {
    const [first] = events;
    if (first !== undefined && events.length < size) {
      findings.add('commit-torn', placeOf(first), `${events.length} of its ${size} events are there`);
    }
    if (first === undefined && claims.length > 0) {
      findings.add(
        'commit-torn',
        claimPlace,
        'a claim without the events that it was taken for',
        claims.length,
      );
    }
    return take();
  }

  return {
    addClaim(claim, place) {
      const left = events.length > 0 ? close() : [];
      if (claims.length === 0) claimPlace = place;
      claims.push(claim);
      return left;
    },
    addEvent({ event, place }) {
      const goesOn = place.index === events.length && (events.length === 0 || place.size === size);
      const left = goesOn ? [] : close();
      if (!goesOn && place.index > 0) {
        const what = `it is event ${place.index + 1} of ${place.size} of a commit that does not go before it`;
        findings.add('commit-torn', placeOf(event), what);
      }
      size = place.size;
      events.push(event);
      return place.index === size - 1 ? [...left, ...take()] : left;
    },
    end: close,
  };
}
