import { existsSync, readFileSync } from 'node:fs';
import { type Aggregate, type DomainEvent, decodeEvent } from '@openbank/eventsourcing';
import { describe, expect, test } from 'vitest';
import history from '../projections/golden/history.json' with { type: 'json' };
import { bankAccountAggregate } from './bank-account.ts';
import { personAggregate } from './person.ts';

type AnyAggregate = Aggregate<unknown, DomainEvent>;

/**
 * The golden files hold the state that each version of an aggregate's snapshots has kept after each event of a recorded
 * history. A snapshot that a changed fold would not have made is wrong: it must not be read. So never change a line that
 * was released: raise the version, and keep the new states in a new file.
 */
describe.each<AnyAggregate>([personAggregate, bankAccountAggregate])(
  'the snapshots of a $type',
  (aggregate) => {
    const codec = aggregate.snapshots;
    const states = statesAfterEachEvent(aggregate);

    test('keep what their version has always kept of the recorded history', () => {
      const kept = { version: codec?.version, states: keptStates(codec, states) };
      const golden = goldenStates(aggregate, codec?.version);
      const known = Object.keys(golden.states);
      const now = Object.fromEntries(known.map((event) => [event, kept.states[event]]));
      const advice = `This is not what this version of the snapshots of ${aggregate.type} has kept: raise it in stateCodec.`;
      expect({ version: kept.version, states: now }, advice).toEqual(golden);
      const file = JSON.stringify(kept, undefined, 2);
      expect(known, `There are new events: keep this as the golden file\n${file}`).toEqual(
        Object.keys(kept.states),
      );
    });

    test('give the state back as it was', () => {
      for (const state of states.values()) expect(codec?.decode(codec.encode(state))).toEqual(state);
    });
  },
);

/** By `stream@revision`. */
function statesAfterEachEvent(aggregate: AnyAggregate): ReadonlyMap<string, unknown> {
  const states = new Map<string, unknown>();
  const newest = new Map<string, unknown>();
  for (const { stream, revision, id, type, data } of history) {
    if (!stream.startsWith(aggregate.streamPrefix)) continue;
    const before = newest.get(stream) ?? aggregate.initialState;
    const state = aggregate.evolve(before, decodeEvent({ id, type, data: JSON.stringify(data) }));
    newest.set(stream, state);
    states.set(`${stream}@${revision}`, state);
  }
  return states;
}

interface Kept {
  readonly version: string | undefined;
  /** By `stream@revision`. */
  readonly states: Readonly<Record<string, unknown>>;
}

function keptStates(codec: AnyAggregate['snapshots'], states: ReadonlyMap<string, unknown>): Kept['states'] {
  return Object.fromEntries(
    [...states].map(([event, state]) => [event, JSON.parse(codec?.encode(state) ?? 'null')]),
  );
}

function goldenStates({ type }: AnyAggregate, version = ''): Kept {
  const file = new URL(`./golden/${type}.v${version.split('-')[0]}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { version, states: {} };
}
