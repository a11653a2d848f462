import { describe, expect, test } from 'vitest';
import { createRoom } from './room.ts';

const never = () => new Promise<void>(() => {});

describe('room for snapshots under way', () => {
  test('is for so many, and so large ones: what has none is let go', async () => {
    const room = createRoom({ snapshots: 3, characters: 100 });
    const overloaded = expect.objectContaining({ code: 'overloaded' });
    for (const size of [40, 40]) room.taking(size, never).catch(() => {});
    await expect(room.taking(40, never)).rejects.toEqual(overloaded);
    room.taking(1, never).catch(() => {});
    await expect(room.taking(0, never)).rejects.toEqual(overloaded);
  });

  test('is always there for one, however large', async () => {
    const room = createRoom({ snapshots: 3, characters: 100 });
    await room.taking(1_000, async () => {});
    await room.taking(1_000, async () => {});
  });

  test('is free again after work that failed', async () => {
    const room = createRoom({ snapshots: 1, characters: 100 });
    await expect(room.taking(1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await room.taking(1, async () => {});
  });
});
