import {
  appendTo,
  claimOn,
  commitOf,
  newEvent,
  newEvents,
  withClaims,
} from '@openbank/eventsourcing/testing';
import { describe, expect, test } from 'vitest';
import { claimStream, readClaim } from './claim-event.ts';
import { proposedAppends } from './proposed-commit.ts';

describe('a commit as it is handed to KurrentDB', () => {
  const commit = withClaims(
    commitOf(appendTo('account-1', 4, 2), appendTo('account-2', 'no-stream')),
    'idempotency/a/b',
  );

  test('has its claims first, as streams that nobody has made yet, then its streams in the order given', () => {
    const appends = proposedAppends(commit);
    expect(appends.map(({ stream, expected }) => [stream, expected])).toEqual([
      [claimStream('idempotency/a/b'), 'no-stream'],
      ['account-1', 4],
      ['account-2', 'no-stream'],
    ]);
  });

  test('has in each event its place in the commit, claims not counted', () => {
    const events = proposedAppends(commit)
      .slice(1)
      .flatMap((append) => append.events);
    expect(events.map(({ metadata }) => metadata.commit_place)).toEqual(['0/3', '1/3', '2/3']);
  });

  test('is the same to the byte when it is made again', () => {
    expect(proposedAppends(structuredClone(commit))).toEqual(proposedAppends(commit));
  });

  test('keeps the bytes of its data: as JSON where it is some, however it is written, and else as bytes', () => {
    const data = ['{"a":1}', ' { "b" : 1.0 }\n', '{"2":1,"1":2}', '', 'no JSON', '{"a":1}x'];
    const events = data.map((each) => newEvent({ data: each }));
    const [append] = proposedAppends(commitOf(appendTo('a', 'no-stream', events)));
    expect(append?.events.map((event) => Buffer.from(event.data).toString())).toEqual(data);
    expect(append?.events.map(({ contentType }) => contentType.slice(12))).toEqual([
      ...Array(3).fill('json'),
      ...Array(3).fill('octet-stream'),
    ]);
  });

  test('has claims whose ids differ with their name, hash, ranges and command', () => {
    const events = newEvents(2);
    const base = commitOf(appendTo('a', 'no-stream', events));
    const idOf = (claim = claimOn(base, 'key', 'hash'), of = base) =>
      proposedAppends({ ...of, claims: [claim] })[0]?.events[0]?.id;
    const ids = [
      idOf(),
      idOf(claimOn(base, 'key', 'another')),
      idOf(claimOn(base, 'other', 'hash')),
      idOf({ ...claimOn(base, 'key', 'hash'), events: [{ stream: 'a', first: 0, last: 0 }] }),
      idOf(claimOn(base, 'key', 'hash'), commitOf(appendTo('a', 'no-stream', 2))),
    ];
    expect(new Set(ids).size).toBe(5);
    expect(idOf()).toBe(ids[0]);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  test('holds claims from which they can be read again; anything else in their stream is damage', () => {
    const claim = claimOn(commit, 'a key');
    const event = proposedAppends({ ...commit, claims: [claim] })[0]?.events[0];
    const data = Buffer.from(event?.data ?? []).toString();
    expect(readClaim(claimStream('a key'), event?.type ?? '', data)).toEqual(claim);
    for (const [stream, type, text] of [
      [claimStream('another'), 'ClaimTaken', data],
      [claimStream('a key'), 'Other', data],
      [claimStream('a key'), 'ClaimTaken', '{}'],
      [claimStream('a key'), 'ClaimTaken', 'x'],
    ] as const)
      expect(() => readClaim(stream, type, text)).toThrow('holds no claim');
  });
});
