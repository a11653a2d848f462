import { expect, test } from 'vitest';
import { PLAIN_TRANSACTION } from '../testing/plain-transaction.ts';
import { createTestBank, newContext, newId } from '../testing/test-bank.ts';
import { validateCreateTransfer } from './create-transfer.ts';

/** Two accounts of two people: 100.00 on the first, nothing on the second. */
async function bankWithTwo(currency = 'USD') {
  const bank = await createTestBank();
  const { id: payersId } = (await bank.register()).answer;
  const { id: payeesId } = (await bank.register()).answer;
  const { id: fromAccountId } = (await bank.open({ ownerId: payersId, overdraftLimit: '5.00' })).answer;
  const { id: toAccountId } = (await bank.open({ ownerId: payeesId, currency, overdraftLimit: 0 })).answer;
  await bank.deposit({ accountId: fromAccountId, amount: '100.00' });
  return { bank, payersId, payeesId, accounts: { fromAccountId, toAccountId } };
}

test('a transfer moves, and is answered to who pays', async () => {
  const { bank, accounts } = await bankWithTwo();
  const transactionId = newId();
  const { answer } = await bank.transfer({
    ...accounts,
    transactionId,
    amount: 104.99,
    description: 'Rent of May',
  });
  expect(answer).toEqual({
    id: accounts.fromAccountId,
    balance: '-4.99',
    transaction: {
      id: transactionId,
      type: 'TRANSFER',
      amount: '104.99',
      currency: 'USD',
      from_account_id: accounts.fromAccountId,
      to_account_id: accounts.toAccountId,
      description: 'Rent of May',
      ...PLAIN_TRANSACTION,
    },
    fee: null,
  });
  const back = { fromAccountId: accounts.toAccountId, toAccountId: accounts.fromAccountId };
  expect((await bank.transfer({ ...back, amount: '104.99' })).answer).toMatchObject({
    id: accounts.toAccountId,
    balance: '0.00',
  });
});

test('it is one commit of an entry on each stream, which leaves nothing in transfers', async () => {
  const { bank, accounts } = await bankWithTwo();
  await bank.transfer({ ...accounts, amount: '1.00' });
  const [paid, received] = (await bank.recorded()).slice(-2);
  expect(paid?.stream).toBe(`bank-account-${accounts.fromAccountId}`);
  expect(received?.stream).toBe(`bank-account-${accounts.toAccountId}`);
  expect(paid?.metadata.commit_id).toBe(received?.metadata.commit_id);
  expect(paid?.metadata).toMatchObject({ commit_index: '0', commit_size: '2' });
  const [out, into] = [paid, received].map((event) => JSON.parse(event?.data ?? ''));
  expect(out.transaction).toEqual(into.transaction);
  expect(out).toMatchObject({ balance: '99.00', postings: [{ amount: '-1.00' }, { account: 'transfers' }] });
  expect(into).toMatchObject({ balance: '1.00', postings: [{ amount: '1.00' }, { account: 'transfers' }] });
});

test("each entry's description is sealed for its own account's owner", async () => {
  const { bank, accounts, payersId, payeesId } = await bankWithTwo();
  await bank.transfer({ ...accounts, amount: '1.00', description: 'Rent of May' });
  const sealed = (await bank.recorded()).slice(-2);
  expect(sealed.map(({ data }) => JSON.parse(data).personal.subject)).toEqual([payersId, payeesId]);
  expect(JSON.stringify(sealed)).not.toContain('Rent');
  const vault = await bank.vaultAfterErasing(payersId);
  const opened = sealed.map(({ id, data }) => vault.open({ ...JSON.parse(data).personal, event: id }));
  expect(await Promise.all(opened)).toEqual(['erased', { description: 'Rent of May' }]);
});

test('a transfer repeated with its key happens once and answers the payer the first time again', async () => {
  const { bank, accounts } = await bankWithTwo();
  const transfer = () => bank.transfer({ ...accounts, amount: '60.00', description: 'x' }, newContext('key'));
  const first = await transfer();
  expect(await transfer()).toEqual({ ...first, replayed: true });
  expect(await transfer()).toMatchObject({ answer: { id: accounts.fromAccountId, balance: '40.00' } });
});

test.each([
  ['105.01', 'insufficient-funds'],
  ['1.001', 'malformed'],
  [0, 'malformed'],
])('a transfer of %j is refused: %s', async (amount, code) => {
  const { bank, accounts } = await bankWithTwo();
  const before = await bank.recorded();
  await expect(bank.transfer({ ...accounts, amount })).rejects.toMatchObject({
    code,
    fields: [expect.objectContaining({ field: 'amount' })],
  });
  expect(await bank.recorded()).toEqual(before);
});

test('a transfer into another currency is refused', async () => {
  const { bank, accounts } = await bankWithTwo('EUR');
  await expect(bank.transfer({ ...accounts, amount: 1 })).rejects.toMatchObject({
    kind: 'rule',
    code: 'currency-mismatch',
  });
});

test.each(['fromAccountId', 'toAccountId'] as const)(
  'a transfer needs both accounts: %s',
  async (missing) => {
    const { bank, accounts } = await bankWithTwo();
    const field = missing === 'fromAccountId' ? 'from_account_id' : 'to_account_id';
    await expect(bank.transfer({ ...accounts, [missing]: newId() })).rejects.toMatchObject({
      kind: 'not-found',
      code: 'account-not-found',
      fields: [expect.objectContaining({ field })],
    });
  },
);

test('a transfer to itself is refused before anything is decided, after what is malformed', () => {
  const same = newId();
  const accounts = { fromAccountId: same, toAccountId: same };
  const command = { type: 'CreateTransfer', ...accounts, transactionId: newId(), description: null } as const;
  expect(() => validateCreateTransfer({ ...command, amount: 1 })).toThrow(
    expect.objectContaining({ kind: 'rule', code: 'same-account' }),
  );
  expect(() => validateCreateTransfer({ ...command, amount: -1 })).toThrow(
    expect.objectContaining({ code: 'malformed' }),
  );
  expect(() => validateCreateTransfer({ ...command, toAccountId: newId(), amount: 1 })).not.toThrow();
});
