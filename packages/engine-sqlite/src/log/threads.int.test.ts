import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { Failure } from './messages.ts';
import { startThread } from './threads.ts';

const moduleOf = (source: string) => new URL(`data:text/javascript,${encodeURIComponent(source)}`);

test.each([
  { what: 'throws', source: "throw new Error('something broke')", reason: /test-thread.*something broke/ },
  { what: 'ends without a word', source: 'process.exit(3)', reason: /test-thread.*without a word/ },
])('a thread that $what is told of, never silent', async ({ source, reason }) => {
  const deaths = new EventTarget();
  const told = once(deaths, 'died');
  let failure: Failure | undefined;
  const thread = startThread(moduleOf(source), undefined, 'test-thread', (death) => {
    failure = death;
    deaths.dispatchEvent(new Event('died'));
  });
  await told;
  expect(failure).toMatchObject({ code: 'store-unavailable', message: expect.stringMatching(reason) });
  expect(await thread.ended).toEqual(failure);
});
