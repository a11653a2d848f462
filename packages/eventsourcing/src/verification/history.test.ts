import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { chainLink } from '../chain.ts';
import type { RecordedEvent } from '../event.ts';
import { createMemoryKeyStore } from '../personal-data/memory-key-store.ts';
import { createVault } from '../personal-data/vault.ts';
import { createMemoryReadModelStore } from '../projections/memory-read-model-store.ts';
import { sealSnapshot } from '../snapshots/sealed-snapshot.ts';
import { stateCodec } from '../snapshots/state-codec.ts';
import { CRATE, logOf, recordedCrates } from '../testing/verified-crates.ts';
import { createFindings, type Finding } from './findings.ts';
import type { SnapshotSource } from './snapshot-check.ts';
import type { RecordedCommit } from './verifiable-log.ts';
import { type Verification, type VerifyOptions, verify } from './verify.ts';

async function verified(
  commits: readonly RecordedCommit[],
  wanted: Partial<VerifyOptions> = {},
): Promise<Verification & { readonly findings: readonly Finding[] }> {
  const findings = createFindings();
  const verification = await verify({
    log: logOf(commits),
    aggregates: [CRATE],
    checks: [],
    vault: undefined,
    snapshots: undefined,
    models: createMemoryReadModelStore(),
    projections: [],
    findings,
    ...wanted,
  });
  return { ...verification, findings: findings.all() };
}

const HISTORY = recordedCrates([[1], [1, 2], [2, 2, 3], [1, 3]]);

/** The history with another event, or none, at a position, counted from 1. */
function changed(
  position: number,
  change: (event: RecordedEvent) => Partial<RecordedEvent> | undefined,
): readonly RecordedCommit[] {
  return HISTORY.map(({ events, claims }) => ({
    claims,
    events: events.flatMap((event) => {
      if (Number(event.position) !== position) return [event];
      const other = change(event);
      return other === undefined ? [] : [{ ...event, ...other }];
    }),
  }));
}

/** As somebody would do it who knows how links are made. */
const relinked = (
  event: RecordedEvent,
  other: Partial<RecordedEvent>,
  previous: string,
): Partial<RecordedEvent> => ({
  ...other,
  link: chainLink(previous, event.stream, event.revision, { ...event, ...other }),
});

const linkAt = (position: number) =>
  HISTORY.flatMap(({ events }) => events).find((event) => Number(event.position) === position)?.link ?? '';

describe('a history that is whole', () => {
  test('has nothing to be named, and a digest that does not depend on how it was cut into commits', async () => {
    const { findings, digest, ...counts } = await verified(HISTORY);
    expect(findings).toEqual([]);
    expect(counts).toMatchObject({ events: 8, commits: 4, streams: 3, position: '0000000000000008' });
    expect((await verified(HISTORY.toReversed())).digest).not.toBe(digest);
    const [first, ...others] = HISTORY;
    const swapped = [...others.slice(0, 0), ...(first ? [first] : []), ...others];
    expect((await verified(swapped)).digest).toBe(digest);
  });

  test('may be empty', async () => {
    expect(await verified([])).toMatchObject({ findings: [], events: 0, position: undefined });
  });
});

describe('in a history, what is wrong is named', () => {
  test.each<[string, readonly RecordedCommit[], string[]]>([
    ['other data', changed(3, () => ({ data: '{"owner":"x"}' })), ['chain-broken']],
    ['another type', changed(3, () => ({ type: 'CrateLeft' })), ['chain-broken']],
    [
      'other metadata',
      changed(3, ({ metadata }) => ({ metadata: { ...metadata, actor: 'x' } })),
      ['chain-broken'],
    ],
    [
      'an edit with a link of its own, by the event after it',
      changed(2, (event) => relinked(event, { data: '{"grams":"5"}' }, linkAt(1))),
      ['chain-broken'],
    ],
    ['a missing event', changed(2, () => undefined), ['chain-broken', 'commit-torn', 'revision-wrong']],
    [
      'a revision twice',
      changed(2, (event) => relinked(event, { revision: 0 }, linkAt(1))),
      ['chain-broken', 'revision-wrong'],
    ],
    [
      'a time that does not rise',
      changed(2, (event) => relinked(event, { recordedAt: 1_700_000_000_000_001 }, linkAt(1))),
      ['chain-broken', 'recorded-time-wrong'],
    ],
    [
      'an id that is none',
      changed(8, (event) => relinked(event, { id: 'x' }, linkAt(6))),
      ['event-id-wrong'],
    ],
    [
      'an id twice',
      changed(8, (event) => relinked(event, { id: HISTORY[0]?.events[0]?.id ?? '' }, linkAt(6))),
      ['event-id-repeated'],
    ],
    [
      'a type that nobody knows',
      changed(8, (event) => relinked(event, { type: 'Surprise' }, linkAt(6))),
      ['unknown-event-type'],
    ],
    [
      'a version that nobody knows',
      changed(8, (event) => relinked(event, { schemaVersion: 2 }, linkAt(6))),
      ['unknown-event-type'],
    ],
    [
      'data that is no JSON',
      changed(8, (event) => relinked(event, { data: '{' }, linkAt(6))),
      ['event-unreadable'],
    ],
    [
      'a stream of another kind',
      [{ events: HISTORY[0]?.events.map((event) => ({ ...event, stream: 'other-1' })) ?? [], claims: [] }],
      ['chain-broken', 'stream-unknown'],
    ],
    ['events of a commit that lie apart', [...splitCommits()], ['commit-torn']],
  ])('%s', async (_, commits, kinds) => {
    const { findings } = await verified(commits);
    const found = findings.map(({ kind }) => kind).sort();
    expect(found).toEqual(kinds);
  });

  test('with its place, and with how many there are', async () => {
    const { findings } = await verified(changed(5, () => ({ data: '{}' })));
    expect(findings).toEqual([
      {
        kind: 'chain-broken',
        place: 'crate-2@2, position 0000000000000005',
        what: expect.any(String),
        count: 1,
      },
    ]);
  });
});

function* splitCommits(): Generator<RecordedCommit> {
  for (const { events } of HISTORY) for (const event of events) yield { events: [event], claims: [] };
}

describe('of claims', () => {
  const claim = (name: string, stream: string, first: number, last: number) => ({
    name,
    requestHash: 'x',
    events: [{ stream, first, last }],
  });
  const claiming = (...claims: readonly RecordedCommit['claims'][]) =>
    HISTORY.map(({ events }, at) => ({ events, claims: claims[at] ?? [] }));

  test('those that point at events of their commit are right', async () => {
    const { findings, claims } = await verified(
      claiming([claim('a', 'crate-1', 0, 0)], [claim('b', 'crate-1', 1, 1), claim('c', 'crate-2', 0, 0)]),
    );
    expect(findings).toEqual([]);
    expect(claims).toBe(3);
  });

  test.each([
    ['events of another commit', claiming([claim('a', 'crate-1', 1, 1)]), 'claim-wrong'],
    ['more than their commit', claiming([claim('a', 'crate-1', 0, 1)]), 'claim-wrong'],
    ['another stream', claiming([claim('a', 'crate-9', 0, 0)]), 'claim-wrong'],
    ['nothing', claiming([{ ...claim('a', 'crate-1', 0, 0), events: [] }]), 'claim-wrong'],
    [
      'a name that is taken',
      claiming([claim('a', 'crate-1', 0, 0)], [claim('a', 'crate-1', 1, 1)]),
      'claim-repeated',
    ],
  ])('one that points at %s is named', async (_, commits, kind) => {
    expect((await verified(commits)).findings.map((finding) => finding.kind)).toEqual([kind]);
  });
});

describe('of personal data', () => {
  test('what opens and what is erased is counted, what does neither is named', async () => {
    const keys = createMemoryKeyStore();
    const masterKey = randomBytes(32);
    const vault = await createVault({ keys, masterKey });
    const sealed = async (subject: string, id: string) => {
      await vault.createKey(subject);
      const { cipher } = vault.sealNow({ subject, plain: 'secret' }, id);
      return { subject, cipher };
    };
    const commits = [];
    for (const [at, { events }] of HISTORY.entries()) {
      const [event] = events;
      if (event === undefined) continue;
      const personal = await sealed(at === 0 ? 'ada' : at === 1 ? 'bob' : 'eve', event.id);
      commits.push({ events: [{ ...event, data: JSON.stringify({ owner: 'x', personal }) }], claims: [] });
    }
    await keys.destroyKey('bob');
    const fresh = await createVault({ keys, masterKey });
    const { personalData, findings } = await verified(commits, { vault: fresh });
    expect(personalData).toEqual({ readable: 3, erased: 1 });
    expect(findings.map(({ kind }) => kind)).not.toContain('key-missing');

    const others = await createVault({ keys: createMemoryKeyStore(), masterKey });
    const lost = await verified(commits, { vault: others });
    expect(lost.findings.find(({ kind }) => kind === 'key-missing')?.count).toBe(4);
    await others.createKey('ada');
    const damaged = await verified(commits, { vault: others });
    expect(damaged.findings.find(({ kind }) => kind === 'personal-data-damaged')?.count).toBe(1);
  });
});

describe('of snapshots', () => {
  const codec = stateCodec({
    version: 1,
    fields: { events: 'text' },
    encode: (events: number) => ({ events: String(events) }),
    decode: ({ events }) => Number(events),
  });
  const counted = {
    ...CRATE,
    snapshots: codec,
    initialState: 0,
    evolve: (events: unknown) => Number(events) + 1,
  };
  const [, , third] = HISTORY;
  const event = third?.events[1];
  const snapshotWith = (wanted: object) => {
    const { stream = '', revision = 0, link = '', recordedAt = 0, position = '' } = event ?? {};
    const state = codec.encode(revision + 1);
    return sealSnapshot({
      stream,
      version: codec.version,
      revision,
      link,
      recordedAt,
      position,
      state,
      ...wanted,
    });
  };
  const sourceOf = (snapshot: ReturnType<typeof snapshotWith>): SnapshotSource => ({
    keys: () => [snapshot],
    at: () => snapshot,
  });

  test('one that is the state of its revision is right, of another version it is not looked at', async () => {
    const { findings, snapshots } = await verified(HISTORY, {
      aggregates: [counted],
      snapshots: sourceOf(snapshotWith({})),
    });
    expect(findings).toEqual([]);
    expect(snapshots).toEqual({ compared: 1, otherVersions: 0 });
    const other = await verified(HISTORY, {
      aggregates: [counted],
      snapshots: sourceOf(snapshotWith({ version: '0-x' })),
    });
    expect(other.snapshots).toEqual({ compared: 0, otherVersions: 1 });
  });

  test.each([
    ['another state', snapshotWith({ state: codec.encode(7) })],
    ['another event', snapshotWith({ link: 'x' })],
    ['a revision that there is not', snapshotWith({ revision: 70 })],
    ['another checksum', { ...snapshotWith({}), checksum: 'x' }],
  ])('one of %s is named', async (_, snapshot) => {
    const { findings } = await verified(HISTORY, { aggregates: [counted], snapshots: sourceOf(snapshot) });
    expect(findings.map(({ kind }) => kind)).toEqual(['snapshot-wrong']);
  });
});
