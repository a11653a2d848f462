import { describe, expect, it } from 'vitest';
import { momentOf } from './moment.ts';

const NOW = 1_700_000_000_000_000;
const POSITION = '0000000000000042';

const moment = (query: object, headers: object = {}, now = NOW) => momentOf({ query, headers }, now);
const refused = (field: string) =>
  expect.objectContaining({ extras: { errors: [expect.objectContaining({ field })] } });

describe('the moment that a request asks for', () => {
  it('is none where it asks for now', () => {
    expect(moment({})).toBeUndefined();
    expect(moment({ min_position: POSITION }, { 'openbank-min-position': POSITION })).toBeUndefined();
  });

  it('is a position as it was sent', () => {
    expect(moment({ as_of_position: POSITION })).toEqual({ position: POSITION, field: 'as_of_position' });
  });

  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00:00.000001Z', 1],
    ['1970-01-01t00:00:00.5z', 500_000],
    ['1970-01-01T02:00:00+02:00', 0],
    ['1969-12-31T23:59:59.999999Z', -1],
    ['1970-01-01T00:00:00-00:00', 0],
  ])('is the time %s in microseconds', (text, time) => {
    expect(moment({ as_of: text })).toEqual({ time });
  });

  it('is this very microsecond, and none after it', () => {
    const now = Date.parse('2026-01-01T00:00:00Z') * 1000;
    expect(moment({ as_of: '2026-01-01T00:00:00Z' }, {}, now)).toEqual({ time: now });
    expect(() => moment({ as_of: '2026-01-01T00:00:00.000001Z' }, {}, now)).toThrow(refused('as_of'));
  });

  it('is in this millisecond, in which something may have been booked', () => {
    const end = new Date().toISOString().replace('Z', '999Z');
    expect(momentOf({ query: { as_of: end }, headers: {} })).toHaveProperty('time');
  });

  it.each(['2026-02-29T00:00:00Z', '2026-01-01T25:00:00Z', '2026-01-01T00:00:00+99:00', 'now', ''])(
    'is not %j',
    (as_of) => {
      expect(() => moment({ as_of })).toThrow(refused('as_of'));
    },
  );

  it('is one, and stands beside no position that an answer must have reached', () => {
    const then = '1970-01-01T00:00:00Z';
    expect(() => moment({ as_of: then, as_of_position: POSITION })).toThrow(refused('as_of_position'));
    for (const query of [{ as_of: then }, { as_of_position: POSITION }]) {
      expect(() => moment({ ...query, min_position: POSITION })).toThrow(refused('min_position'));
      expect(() => moment(query, { 'openbank-min-position': POSITION })).toThrow(
        refused('OpenBank-Min-Position'),
      );
    }
  });
});
