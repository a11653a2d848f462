import { expect, it } from 'vitest';
import { statementsSuite } from '../testing/bank-suite/statements.ts';
import { callsTo } from '../testing/calls.ts';
import { openMemoryBank } from '../testing/memory-bank.ts';

statementsSuite(openMemoryBank);

it('a trial balance is empty in an empty bank', async () => {
  const empty = await openMemoryBank();
  const answer = await callsTo(empty.app).get('/trial-balance');
  expect(answer.json()).toEqual({ position: null, currencies: [] });
  await empty.close();
});

it('what exists is 503 and never 404, and a list with a position waits for all of them', async () => {
  const late = await openMemoryBank({ patience: 50 });
  const calls = callsTo(late.app);
  await late.pauseProjections();
  const id = await calls.openAccount(await calls.registerAlice());
  const deposited = await calls.deposit(id, '1.00');
  const at = `min_position=${deposited.headers['openbank-position']}`;
  for (const url of [
    `/transactions/${deposited.json().transaction.id}`,
    `/accounts/${id}/transactions`,
    `/accounts/${id}/transactions?${at}`,
    `/accounts?${at}`,
    `/persons?${at}`,
    `/trial-balance?${at}`,
  ]) {
    const answer = await calls.get(url);
    expect(answer.json(), url).toMatchObject({ status: 503, code: 'read-model-behind' });
    expect(answer.headers['retry-after']).toBe('1');
  }
  expect((await calls.get(`/accounts/${'0'.repeat(32)}/transactions`)).statusCode).toBe(404);
  await late.close();
});
