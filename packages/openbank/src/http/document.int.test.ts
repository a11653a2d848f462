import { afterEach, expect, it } from 'vitest';
import { type MemoryBank, openMemoryBank } from '../testing/memory-bank.ts';
import { openApiDocument } from './document.ts';

let bank: MemoryBank;
afterEach(() => bank.close());

it.each([[undefined], ['a-secret-of-this-bank']])(
  'is the document that a bank answers, without a bank; with the token %s',
  async (token) => {
    bank = await openMemoryBank(token === undefined ? {} : { token });
    const answered = await bank.app.inject('/api/openapi.json');
    expect(JSON.parse(JSON.stringify(await openApiDocument(token)))).toEqual(answered.json());
  },
);
