import { expect, test } from 'vitest';
import { createLoadMeter } from './load-meter.ts';

test('a log is busy while many events come, and idle again soon after', () => {
  let time = 0;
  const meter = createLoadMeter(() => time);
  expect(meter.busy()).toBe(false);
  meter.add(199);
  expect(meter.busy()).toBe(false);
  meter.add(1);
  expect(meter.busy()).toBe(true);
  time = 150;
  expect(meter.busy()).toBe(true);
  time = 260;
  expect(meter.busy()).toBe(false);
});

test('single events, however regular, do not make a log busy', () => {
  let time = 0;
  const meter = createLoadMeter(() => time);
  for (; time < 1000; time++) {
    meter.add(1);
    expect(meter.busy()).toBe(false);
  }
});

test('a busy log after a pause is judged by what comes now', () => {
  let time = 0;
  const meter = createLoadMeter(() => time);
  meter.add(1000);
  time = 5000;
  expect(meter.busy()).toBe(false);
});
