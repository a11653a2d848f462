import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createQueues, type Waiting } from './queues.ts';

interface Named extends Waiting {
  readonly name: number;
}
const item = (name: number, ...streams: string[]): Named => ({ name, streams });
const names = (taken: { items: readonly Named[] } | undefined) => taken?.items.map(({ name }) => name);

describe('queues', () => {
  it('takes all that waits for one stream, in order', () => {
    const queues = createQueues<Named>();
    for (const name of [1, 2, 3]) queues.join(item(name, 'a'));
    expect(names(queues.take('a', 10))).toEqual([1, 2, 3]);
    expect(queues.size).toBe(0);
  });

  it('takes at most as many as it is asked for', () => {
    const queues = createQueues<Named>();
    for (const name of [1, 2, 3]) queues.join(item(name, 'a'));
    expect(names(queues.take('a', 2))).toEqual([1, 2]);
    queues.release(['a']);
    expect(names(queues.take('a', 2))).toEqual([3]);
  });

  it('gives nothing of a busy stream', () => {
    const queues = createQueues<Named>();
    queues.join(item(1, 'a'));
    queues.take('a', 10);
    queues.join(item(2, 'a'));
    expect(queues.take('a', 10)).toBeUndefined();
    queues.release(['a']);
    expect(names(queues.take('a', 10))).toEqual([2]);
  });

  it('takes an item of two streams together with all that is before it in both', () => {
    const queues = createQueues<Named>();
    queues.join(item(1, 'b'));
    queues.join(item(2, 'a', 'b'));
    queues.join(item(3, 'b'));
    const taken = queues.take('a', 10);
    expect(names(taken)).toEqual([1, 2, 3]);
    expect(new Set(taken?.streams)).toEqual(new Set(['a', 'b']));
  });

  it('lets nobody overtake an item whose other stream is busy', () => {
    const queues = createQueues<Named>();
    queues.join(item(1, 'b'));
    queues.take('b', 10);
    queues.join(item(2, 'a', 'b'));
    queues.join(item(3, 'a'));
    expect(queues.take('a', 10)).toBeUndefined();
    queues.release(['b']);
    expect(names(queues.take('b', 10))).toEqual([2, 3]);
  });

  it('keeps only the streams of what it took busy', () => {
    const queues = createQueues<Named>();
    queues.join(item(1, 'a'));
    queues.join(item(2, 'b'));
    queues.join(item(3, 'a', 'b'));
    expect(names(queues.take('a', 1))).toEqual([1]);
    expect(names(queues.take('b', 1))).toEqual([2]);
  });

  it('removes what has expired from each of its queues', () => {
    const queues = createQueues<Named>();
    queues.join(item(1, 'a', 'b'));
    queues.join(item(2, 'b'));
    expect(queues.remove(({ name }) => name === 1).map(({ name }) => name)).toEqual([1]);
    expect(names(queues.take('b', 10))).toEqual([2]);
    expect(queues.size).toBe(0);
  });

  it('gives every item once, in the order of every queue, whatever the streams and the timing', () => {
    const streams = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(streams, { maxLength: 30 }),
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.nat(3)),
        (all, max, picks) => {
          const queues = createQueues<Named>();
          const started: Named[] = [];
          const running: (readonly string[])[] = [];
          const next = (wanted: readonly string[]) => {
            for (const stream of wanted) {
              const taken = queues.take(stream, max);
              if (taken === undefined) continue;
              const busy = new Set(running.flat());
              expect(taken.streams.some((each) => busy.has(each))).toBe(false);
              started.push(...taken.items);
              running.push(taken.streams);
            }
          };
          const finishOne = () => {
            const pick: number = picks.next().value;
            const [finished] = running.splice(pick % running.length, 1);
            queues.release(finished ?? []);
            next(finished ?? []);
          };
          for (const [name, wanted] of all.entries()) {
            queues.join(item(name, ...wanted));
            next(wanted);
            const pick: number = picks.next().value;
            if (pick === 0 && running.length > 0) finishOne();
          }
          while (running.length > 0) finishOne();
          expect(queues.size).toBe(0);
          for (const stream of ['a', 'b', 'c', 'd']) {
            const order = started.filter((each) => each.streams.includes(stream)).map(({ name }) => name);
            expect(order).toEqual([...order].sort((a, b) => a - b));
          }
          expect(started.length).toBe(all.length);
        },
      ),
    );
  });
});
