import { expect, it } from 'vitest';
import { describeAccess } from './access.ts';

it.each([
  ['127.0.0.1', false, undefined],
  ['localhost', true, 'callers send the token'],
  ['10.0.0.5', true, 'listens on 10.0.0.5; callers send the token'],
  ['0.0.0.0', true, 'listens on 0.0.0.0, which is every address of this machine; callers send the token'],
])('says who can reach a bank on %s (token: %s)', (host, needsToken, words) => {
  expect(describeAccess({ host, needsToken })).toBe(words);
});
