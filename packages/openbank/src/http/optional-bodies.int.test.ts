import { afterAll, beforeAll, expect, it } from 'vitest';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';
import { documentOf, operationsOf } from '../testing/openapi/document.ts';

let bank: MemoryBank;
beforeAll(async () => {
  bank = await openMemoryBank();
});
afterAll(() => bank.close());

it('takes no body where the document says that it may be left out, and says elsewhere that it is missing', async () => {
  const optional: string[] = [];
  for (const { name, method, path, requestBody } of operationsOf(documentOf(bank.app))) {
    if (requestBody === undefined) continue;
    const url = path.replaceAll(/\{\w+\}/g, '0'.repeat(32));
    const { json } = await bank.app.inject({
      method: method === 'PUT' || method === 'PATCH' ? method : 'POST',
      url,
    });
    const missing = { field: 'body', message: 'is missing' };
    if (requestBody.required === true) expect(json().errors, name).toEqual([missing]);
    else {
      expect(json(), name).toMatchObject({ status: 404 });
      optional.push(name);
    }
  }
  expect(optional.sort()).toEqual([
    'POST /api/v1/accounts/{id}/close',
    'POST /api/v1/accounts/{id}/freeze',
    'POST /api/v1/accounts/{id}/unfreeze',
    'POST /api/v1/transactions/{id}/reversal',
  ]);
});
