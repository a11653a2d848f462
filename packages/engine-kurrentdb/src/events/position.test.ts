import { describe, expect, test } from 'vitest';
import { toPlace, toPosition } from './position.ts';

describe('positions of a KurrentDB log', () => {
  test('are commit and prepare position in 20 digits each, and lead back to them', () => {
    const place = { commit: '9007199254740993', prepare: '9007199254740993' };
    expect(toPosition(place)).toBe('0000900719925474099300009007199254740993');
    expect(toPlace(toPosition(place))).toEqual(place);
  });

  test('compare as numbers do, also past what a double can tell apart', () => {
    const places = ['0', '9', '10', '9007199254740992', '9007199254740993', '18446744073709551615'];
    const positions = places.map((commit) => toPosition({ commit, prepare: commit }));
    expect([...positions].sort()).toEqual(positions);
  });

  test('of a checkpoint with prepare 0 lies before the event of the same commit position', () => {
    const checkpoint = toPosition({ commit: '512', prepare: '0' });
    expect(toPlace(checkpoint)).toEqual({ commit: '512', prepare: '0' });
    expect(checkpoint < toPosition({ commit: '512', prepare: '512' })).toBe(true);
    expect(checkpoint > toPosition({ commit: '511', prepare: '511' })).toBe(true);
  });

  test('of another engine are refused', () => {
    for (const position of ['', '12', '0000000000000012', `-${'0'.repeat(39)}`])
      expect(() => toPlace(position)).toThrow(RangeError);
  });
});
