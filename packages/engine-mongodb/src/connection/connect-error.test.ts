import { expect, test } from 'vitest';
import { connectError } from './connect-error.ts';

test('a name that cannot be looked up is store-unavailable: whoever starts the bank reads of this name, not of its own', () => {
  const what = 'querySrv ENOTFOUND _mongodb._tcp.bank.invalid';
  const error = Object.assign(new Error(what), { code: 'ENOTFOUND', syscall: 'querySrv' });
  expect(connectError('mongodb+srv://ann:s3cret@bank.invalid/bank', error)).toMatchObject({
    code: 'store-unavailable',
    message: `mongodb+srv://bank.invalid/bank: Its name is not known (${what}).`,
    cause: error,
  });
});
