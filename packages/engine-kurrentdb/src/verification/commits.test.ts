import { createFindings } from '@openbank/eventsourcing';
import { newEvent } from '@openbank/eventsourcing/testing';
import { describe, expect, test } from 'vitest';
import { createCommitGrouping } from './commits.ts';

const claim = { name: 'a claim', requestHash: 'hash', events: [{ stream: 'shelf-a', first: 0, last: 0 }] };

function grouped() {
  const findings = createFindings();
  const grouping = createCommitGrouping(findings);
  let revision = 0;
  const event = (index: number, size: number) =>
    grouping.addEvent({
      event: { ...newEvent(), stream: 'shelf-a', revision: revision++, position: `${revision}` },
      place: { index, size },
    });
  return { findings, grouping, event };
}

describe('commits of a KurrentDB log', () => {
  test('are claims and then as many events as each of them says', () => {
    const { findings, grouping, event } = grouped();
    expect(grouping.addClaim(claim, 'claim-1')).toEqual([]);
    expect(event(0, 2)).toEqual([]);
    expect(event(1, 2)).toMatchObject([{ claims: [claim], events: [{ revision: 0 }, { revision: 1 }] }]);
    expect(event(0, 1)).toMatchObject([{ claims: [], events: [{ revision: 2 }] }]);
    expect(grouping.end()).toEqual([]);
    expect(findings.all()).toEqual([]);
  });

  test('that lack events are named, and given with those that are there', () => {
    const { findings, grouping, event } = grouped();
    event(0, 3);
    expect(event(0, 1)).toMatchObject([{ events: [{ revision: 0 }] }, { events: [{ revision: 1 }] }]);
    event(1, 2);
    grouping.addClaim(claim, 'claim-1');
    expect(findings.all()).toMatchObject([
      { kind: 'commit-torn', place: expect.stringContaining('shelf-a@0'), count: 2 },
    ]);
  });

  test('whose end is missing are named where the log ends', () => {
    const { findings, grouping, event } = grouped();
    event(0, 2);
    expect(grouping.end()).toMatchObject([{ events: [{ revision: 0 }] }]);
    expect(findings.all()).toMatchObject([{ kind: 'commit-torn', count: 1 }]);
  });

  test('of which only claims are there are named by these', () => {
    const { findings, grouping } = grouped();
    grouping.addClaim(claim, 'claim-1@0');
    expect(grouping.end()).toEqual([]);
    expect(findings.all()).toMatchObject([{ kind: 'commit-torn', place: 'claim-1@0' }]);
  });
});
