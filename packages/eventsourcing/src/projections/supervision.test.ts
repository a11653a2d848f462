import { beforeEach, describe, expect, test } from 'vitest';
import { createSupervision, type Supervision } from './supervision.ts';

const never = (): Promise<void> => new Promise(() => undefined);

let run: AbortController;
let reasons: unknown[];
let supervision: Supervision;
beforeEach(() => {
  run = new AbortController();
  reasons = [];
  const isOver = (error: unknown): boolean => error === 'nobody needs it';
  supervision = createSupervision(run.signal, isOver, (error) => reasons.push(error));
});

describe('one that works until something goes wrong', () => {
  test('stops with the first reason, and does nothing more', async () => {
    await supervision.work(async () => Promise.reject('out of paper'));
    let done = false;
    await supervision.work(async () => {
      done = true;
    });
    supervision.stop('out of ink');
    await supervision.ended;
    expect(supervision.stopped()).toBe(true);
    expect(reasons).toEqual(['out of paper']);
    expect(done).toBe(false);
  });

  test('ends without a word where nobody needs it any more, or all that runs ends', async () => {
    await supervision.work(async () => Promise.reject('nobody needs it'));
    expect(supervision.stopped()).toBe(true);
    const other = createSupervision(run.signal, undefined, (error) => reasons.push(error));
    run.abort();
    other.stop('too late');
    expect(other.stopped()).toBe(true);
    expect(reasons).toEqual([]);
  });

  test('whoever waits for it goes on when it ends, also where its work hangs', async () => {
    const working = supervision.work(never);
    supervision.stop('displaced');
    await working;
    expect(reasons).toEqual(['displaced']);
  });

  test('retires once what it is doing is finished', async () => {
    const work = Promise.withResolvers<void>();
    void supervision.work(() => work.promise);
    let retired = false;
    const retiring = supervision.retire().then(() => {
      retired = true;
    });
    await new Promise(setImmediate);
    expect(retired).toBe(false);
    work.resolve();
    await retiring;
    expect(reasons).toEqual([]);
  });

  test('retires once that is finished, also where it was asked for more after it had stopped', async () => {
    const work = Promise.withResolvers<void>();
    void supervision.work(() => work.promise);
    supervision.stop('displaced');
    await supervision.work(async () => {});
    let retired = false;
    const retiring = supervision.retire().then(() => {
      retired = true;
    });
    await new Promise(setImmediate);
    expect(retired).toBe(false);
    work.resolve();
    await retiring;
  });
});
