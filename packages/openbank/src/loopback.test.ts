import { expect, it } from 'vitest';
import { isLoopbackAuthority } from './loopback.ts';

it.each(['localhost', 'localhost:8899', 'LOCALHOST:1', '127.0.0.1:80', '127.9.9.9', '[::1]', '[::1]:8899'])(
  'knows %s as this machine',
  (authority) => {
    expect(isLoopbackAuthority(authority)).toBe(true);
  },
);

it.each([
  '',
  'evil.example',
  'evil.example:8899',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  '::1',
  '[::2]',
  'localhost:8899:1',
  '10.0.0.1',
  'user@localhost',
])('knows %j as another one', (authority) => {
  expect(isLoopbackAuthority(authority)).toBe(false);
});
