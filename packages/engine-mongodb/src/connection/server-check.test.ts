import { expect, test } from 'vitest';
import { checkServer } from './server-check.ts';

const answering = (hello: object) => ({ command: async () => hello });
const OF_SET = { setName: 'rs0', maxWireVersion: 21 };

test.each([
  ['a replica set', OF_SET],
  ['a later version', { ...OF_SET, maxWireVersion: 27 }],
  ['a router of a sharded cluster', { msg: 'isdbgrid', maxWireVersion: 21 }],
])('takes %s', async (_, hello) => {
  await checkServer(answering(hello));
});

test.each([
  ['a server older than 7.0', { ...OF_SET, maxWireVersion: 17 }, 'MongoDB 7.0'],
  ['a server that does not say how old it is', {}, 'MongoDB 7.0'],
  ['a server that is no replica set', { maxWireVersion: 21 }, '--replSet'],
])('refuses %s and says what to do', async (_, hello, advice) => {
  await expect(checkServer(answering(hello))).rejects.toMatchObject({
    code: 'store-misconfigured',
    message: expect.stringContaining(advice),
  });
});
