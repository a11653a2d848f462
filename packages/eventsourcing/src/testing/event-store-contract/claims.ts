import { expect, test } from 'vitest';
import { ClaimTaken, RevisionConflict } from '../../event-store/errors.ts';
import type { Commit } from '../../event-store/event-store.ts';
import { appendTo, claimOn, commitOf, withClaims } from '../event-factory.ts';
import { logOf, refusalOf, type SharedStore } from '../event-store-harness.ts';

/** Names that can be taken once, for ever. */
export function claimContract(shared: SharedStore): void {
  const claimed = (stream: string, ...names: readonly string[]): Commit =>
    withClaims(commitOf(appendTo(stream, 'no-stream')), ...names);

  test('a name that nobody took is free', async () => {
    expect(await shared.store.claim(`${shared.place()}key`)).toBeUndefined();
  });

  test('a taken name is found as it was taken, with all its ranges', async () => {
    const place = shared.place();
    const commit = commitOf(appendTo(`${place}a`, 'no-stream', 5), appendTo(`${place}b`, 'no-stream', 2));
    const claim = {
      name: `${place}key`,
      requestHash: 'hash of the request',
      events: [
        { stream: `${place}b`, first: 0, last: 1 },
        { stream: `${place}a`, first: 1, last: 1 },
        { stream: `${place}a`, first: 3, last: 4 },
      ],
    };
    await shared.store.append({ ...commit, claims: [claim] });
    expect(await shared.store.claim(claim.name)).toEqual(claim);
  });

  test('a commit takes all its claims, each with its own events', async () => {
    const place = shared.place();
    const commit = commitOf(appendTo(`${place}a`, 'no-stream', 40));
    const claims = Array.from({ length: 40 }, (_, i) => ({
      name: `${place}key-${i}`,
      requestHash: `request ${i}`,
      events: [{ stream: `${place}a`, first: i, last: i }],
    }));
    await shared.store.append({ ...commit, claims });
    for (const claim of claims) expect(await shared.store.claim(claim.name)).toEqual(claim);
  });

  test.each([
    { what: 'the same request', requestHash: 'a request' },
    { what: 'another request', requestHash: 'another request' },
  ])('another commit for $what is refused with the claim as its owner took it', async ({ requestHash }) => {
    const place = shared.place();
    const name = `${place}key`;
    const owner = commitOf(appendTo(`${place}a`, 'no-stream', 2));
    const claim = claimOn(owner, name, 'a request');
    await shared.store.append({ ...owner, claims: [claim] });
    const later = commitOf(appendTo(`${place}b`, 'no-stream'));
    const commit = { ...later, claims: [claimOn(later, name, requestHash)] };
    const error = await refusalOf(shared.store.append(commit));
    expect(error).toBeInstanceOf(ClaimTaken);
    expect(error).toMatchObject({ code: 'claim-taken', claim });
    expect(error.message).toContain(name);
    expect(await shared.store.claim(name)).toEqual(claim);
    expect(await logOf(shared.store, `${place}b`)).toEqual([]);
  });

  test('a claim stays taken after later appends to its stream', async () => {
    const place = shared.place();
    const owner = claimed(`${place}a`, `${place}key`);
    await shared.store.append(owner);
    for (let revision = 0; revision < 5; revision++) {
      await shared.store.append(commitOf(appendTo(`${place}a`, revision)));
    }
    const later = withClaims(commitOf(appendTo(`${place}a`, 5)), `${place}key`);
    expect(await refusalOf(shared.store.append(later))).toMatchObject({ claim: owner.claims[0] });
  });

  test('of equal claims in one burst exactly one wins, and the others get it as the winner took it', async () => {
    const place = shared.place();
    const commits = Array.from({ length: 20 }, (_, i) => claimed(`${place}a-${i}`, `${place}key`));
    const outcomes = await Promise.allSettled(commits.map((commit) => shared.store.append(commit)));
    const winner = commits[outcomes.findIndex(({ status }) => status === 'fulfilled')];
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(lost).toHaveLength(19);
    for (const { reason } of lost)
      expect(reason).toMatchObject({ code: 'claim-taken', claim: winner?.claims[0] });
    const log = await logOf(shared.store, place);
    expect(log.map(({ stream }) => stream)).toEqual([winner?.streams[0]?.stream]);
  });

  test('a loser of a burst finds the winner durable: its events can be read', async () => {
    const place = shared.place();
    const commits = Array.from({ length: 5 }, (_, i) => claimed(`${place}a-${i}`, `${place}key`));
    const seen = commits.map(async (commit) => {
      await shared.store.append(commit).catch(() => undefined);
      return (await logOf(shared.store, place)).length;
    });
    expect(await Promise.all(seen)).toEqual([1, 1, 1, 1, 1]);
  });

  test('a commit that is refused for its revision leaves its claims free', async () => {
    const place = shared.place();
    const stale = withClaims(commitOf(appendTo(`${place}a`, 4)), `${place}key`);
    expect(await refusalOf(shared.store.append(stale))).toBeInstanceOf(RevisionConflict);
    expect(await shared.store.claim(`${place}key`)).toBeUndefined();
    await shared.store.append(claimed(`${place}a`, `${place}key`));
  });

  test('a commit that is refused for one claim leaves its others free', async () => {
    const place = shared.place();
    await shared.store.append(claimed(`${place}a`, `${place}taken`));
    const refused = claimed(`${place}b`, `${place}before`, `${place}taken`, `${place}after`);
    await refusalOf(shared.store.append(refused));
    expect(await shared.store.claim(`${place}before`)).toBeUndefined();
    expect(await shared.store.claim(`${place}after`)).toBeUndefined();
    await shared.store.append(claimed(`${place}c`, `${place}before`, `${place}after`));
  });

  test('claims are judged in the order given, so the first taken one is named', async () => {
    const place = shared.place();
    await shared.store.append(claimed(`${place}a`, `${place}one`));
    await shared.store.append(claimed(`${place}b`, `${place}two`));
    const error = await refusalOf(
      shared.store.append(claimed(`${place}c`, `${place}free`, `${place}two`, `${place}one`)),
    );
    expect(error).toMatchObject({ claim: { name: `${place}two` } });
  });

  test('a taken claim is said before a stale revision', async () => {
    const place = shared.place();
    const owner = claimed(`${place}a`, `${place}key`);
    await shared.store.append(owner);
    const both = claimed(`${place}a`, `${place}key`);
    expect(await refusalOf(shared.store.append(both))).toMatchObject({ claim: owner.claims[0] });
  });

  test('claim names are told apart to the character', async () => {
    const place = shared.place();
    const names = [
      'key',
      'Key',
      'key ',
      ' key',
      'k\u00e9',
      'ke\u0301',
      'a/b',
      'key%',
      "k'ey",
      '日本',
      '😀',
      '1',
      '01',
      '1.0',
    ];
    await Promise.all(names.map((name, i) => shared.store.append(claimed(`${place}${i}`, place + name))));
    for (const [i, name] of names.entries()) {
      expect(await shared.store.claim(place + name)).toMatchObject({ events: [{ stream: `${place}${i}` }] });
    }
  });

  test('a claim and a stream of the same name have nothing to do with each other', async () => {
    const place = shared.place();
    await shared.store.append(claimed(`${place}a`, `${place}b`));
    await shared.store.append(claimed(`${place}b`, `${place}a`));
    expect(await logOf(shared.store, place)).toHaveLength(2);
  });
}
