import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Position } from '../../event.ts';
import type { Claim, Commit, EventStore, ExpectedRevision } from '../../event-store/event-store.ts';
import { appendTo, claimOn, commitOf, newEvent } from '../event-factory.ts';
import { idsOf, logOf, type SharedStore } from '../event-store-harness.ts';

/** One step of a random history. Streams and claims are numbers, so that they meet often. */
type Step =
  | { readonly kind: 'new'; readonly streams: readonly StreamStep[]; readonly claims: readonly number[] }
  /** An earlier accepted commit once more, as it was or with another last event. */
  | { readonly kind: 'again' | 'changed'; readonly which: number };

interface StreamStep {
  readonly stream: number;
  readonly events: number;
  /** How far the expected revision is from the real one. */
  readonly off: number;
}

type Outcome =
  | { readonly kind: 'written' }
  | { readonly kind: 'repeat'; readonly position: Position | undefined }
  | { readonly kind: 'claim-taken'; readonly claim: Claim }
  | { readonly kind: 'revision-conflict'; readonly stream: string; readonly actual: ExpectedRevision };

interface Model {
  /** Where the log was before the first step. */
  readonly start: Position | undefined;
  /** Ids of the events of each stream. */
  readonly streams: Map<string, string[]>;
  readonly claims: Map<string, Claim>;
  readonly accepted: { readonly commit: Commit; readonly position: Position }[];
  /** Ids in log order. */
  readonly log: string[];
}

const streamStep = fc.record({
  stream: fc.nat(3),
  events: fc.integer({ min: 1, max: 3 }),
  off: fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    { weight: 1, arbitrary: fc.integer({ min: -2, max: 2 }) },
  ),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('new' as const),
      streams: fc.uniqueArray(streamStep, { minLength: 1, maxLength: 3, selector: ({ stream }) => stream }),
      claims: fc.uniqueArray(fc.nat(7), { maxLength: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('again' as const, 'changed' as const), which: fc.nat() }),
  },
);

/** Random histories against a model of a few lines. A failure prints seed and path: run it again with them. */
export function modelContract(shared: SharedStore): void {
  const seed = Number(process.env.TEST_SEED ?? Date.now() % 2 ** 31);

  test(`random appends, repeats and claims do as a model does (TEST_SEED=${seed})`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 15 }), async (steps) => {
        const place = shared.place();
        const start = await shared.store.head();
        const model: Model = { start, streams: new Map(), claims: new Map(), accepted: [], log: [] };
        for (const one of steps) await runStep(shared.store, place, model, one);
        await expectEqual(shared.store, place, model);
      }),
      { seed, numRuns: 40 },
    );
  }, 60_000);
}

async function runStep(store: EventStore, place: string, model: Model, step: Step): Promise<void> {
  const commit = commitFor(place, model, step);
  const expected = outcomeOf(model, commit);
  const answer = await store.append(commit).then(
    ({ position }) => position,
    (error: unknown) => {
      expect(error).toMatchObject(refusalFor(expected));
      return undefined;
    },
  );
  if (expected.kind === 'repeat') expect(answer).toBe(expected.position);
  if (expected.kind === 'written') accept(model, commit, answer ?? '');
  expect(idsOf(await logOf(store, place, model.start))).toEqual(model.log);
}

/** After the last step: each stream and each claim as the model has it. */
async function expectEqual(store: EventStore, place: string, model: Model): Promise<void> {
  for (const [stream, ids] of model.streams)
    expect(idsOf(await logOf(store, stream, model.start))).toEqual(ids);
  for (let i = 0; i < 8; i++)
    expect(await store.claim(`${place}key-${i}`)).toEqual(model.claims.get(`${place}key-${i}`));
}

function commitFor(place: string, model: Model, step: Step): Commit {
  if (step.kind === 'new') {
    const appends = step.streams.map(({ stream, events, off }) => {
      const name = `${place}${stream}`;
      return appendTo(name, shifted(revisionOf(model, name), off), events);
    });
    const commit = commitOf(...appends);
    return { ...commit, claims: step.claims.map((claim) => claimOn(commit, `${place}key-${claim}`)) };
  }
  const earlier = model.accepted[step.which % Math.max(1, model.accepted.length)]?.commit;
  if (earlier === undefined) return commitOf(appendTo(`${place}0`, revisionOf(model, `${place}0`)));
  return step.kind === 'again' ? earlier : changed(earlier);
}

function changed(commit: Commit): Commit {
  const streams = commit.streams.map((append, i) =>
    i === 0 ? { ...append, events: [...append.events.slice(0, -1), newEvent()] } : append,
  );
  return { ...commit, streams };
}

function shifted(revision: ExpectedRevision, off: number): ExpectedRevision {
  const moved = (revision === 'no-stream' ? -1 : revision) + off;
  return moved < 0 ? 'no-stream' : moved;
}

function revisionOf(model: Model, stream: string): ExpectedRevision {
  const ids = model.streams.get(stream);
  return ids === undefined ? 'no-stream' : ids.length - 1;
}

function outcomeOf(model: Model, commit: Commit): Outcome {
  const repeated = model.accepted.find((accepted) => accepted.commit === commit);
  if (repeated !== undefined) return { kind: 'repeat', position: repeated.position };
  const claim = commit.claims.map(({ name }) => model.claims.get(name)).find((taken) => taken !== undefined);
  if (claim !== undefined) return { kind: 'claim-taken', claim };
  const stale = commit.streams.find(({ stream, expected }) => revisionOf(model, stream) !== expected);
  if (stale === undefined) return { kind: 'written' };
  return { kind: 'revision-conflict', stream: stale.stream, actual: revisionOf(model, stale.stream) };
}

function refusalFor(expected: Outcome): object {
  switch (expected.kind) {
    case 'claim-taken':
      return { code: 'claim-taken', claim: expected.claim };
    case 'revision-conflict':
      return { code: 'revision-conflict', stream: expected.stream, actual: expected.actual };
    case 'written':
    case 'repeat':
      return { message: 'no refusal' };
    default:
      return expected satisfies never;
  }
}

function accept(model: Model, commit: Commit, position: Position): void {
  for (const { stream, events } of commit.streams) {
    model.streams.set(stream, [...(model.streams.get(stream) ?? []), ...idsOf(events)]);
    model.log.push(...idsOf(events));
  }
  for (const claim of commit.claims) model.claims.set(claim.name, claim);
  model.accepted.push({ commit, position });
}
