import { expect, test } from 'vitest';
import { createLoadMeter } from './load-meter.ts';

test('a log is busy while many events come, and idle again soon after', () => {
  let time = 0;
  const meter = createLoadMeter(() => time);
  expect(meter.busy()).toBe(false);
  meter.add(196);
  expect(meter.busy()).toBe(false);
  meter.add(4);
  expect(meter.busy()).toBe(true);
  time = 150;
  expect(meter.busy()).toBe(true);
  time = 260;
  expect(meter.busy()).toBe(false);
});

test('single events, a few hundred a second, do not make a log busy', () => {
  let time = 0;
  const meter = createLoadMeter(() => time);
  for (; time < 1000; time += 3) {
    meter.add(1);
    expect(meter.busy()).toBe(false);
  }
});

test('a thousand pages a second do, also where none holds an event of ours', () => {
  let time = 0;
  const meter = createLoadMeter(() => time);
  for (; time < 100; time++) meter.add(0);
  expect(meter.busy()).toBe(true);
});

test('a busy log after a pause is judged by what comes now', () => {
  let time = 0;
  const meter = createLoadMeter(() => time);
  meter.add(1000);
  time = 5000;
  expect(meter.busy()).toBe(false);
});
