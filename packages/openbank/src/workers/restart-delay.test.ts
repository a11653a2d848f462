import { expect, it } from 'vitest';
import { createRestartDelay } from './restart-delay.ts';

it('doubles with each start, up to the longest wait', () => {
  const delay = createRestartDelay(100, 300);
  expect([0, 0, 0, 0].map(delay)).toEqual([100, 200, 300, 300]);
});

it('begins anew after a run that was longer than the longest wait', () => {
  const delay = createRestartDelay(100, 300);
  expect([0, 0, 301, 300].map(delay)).toEqual([100, 200, 100, 200]);
});
