import { expect, test } from 'vitest';
import type { RunningProjection } from './running-projection.ts';
import { createRunningShare } from './running-share.ts';

test('a share retires no sooner than the parts that are still being started, and retires those too', async () => {
  const share = createRunningShare(new AbortController().signal);
  const coming = Promise.withResolvers<readonly RunningProjection[]>();
  void share.start([coming.promise]);
  const retired: string[] = [];
  const retiring = share.retire().then(() => retired.push('share'));
  await new Promise(setImmediate);
  expect(share.signal.aborted).toBe(true);
  expect(retired).toEqual([]);
  const part: Pick<RunningProjection, 'retire'> = { retire: async () => void retired.push('part') };
  coming.resolve([part as RunningProjection]);
  await retiring;
  expect(retired).toEqual(['part', 'share']);
});
