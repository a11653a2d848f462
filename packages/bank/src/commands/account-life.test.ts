import { describe, expect, test } from 'vitest';
import { accounts } from '../projections/accounts.ts';
import { persons } from '../projections/persons.ts';
import { getAccount } from '../queries/get-account.ts';
import { createTestBank, newContext, newId } from '../testing/test-bank.ts';

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);

async function bankWithAccount() {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  const { id: accountId } = (await bank.open({ ownerId })).answer;
  return { bank, accountId, ownerId };
}

/** The last commit: its events in their order. */
async function lastCommit(bank: Awaited<ReturnType<typeof createTestBank>>) {
  const events = await bank.recorded();
  const commit = events.at(-1)?.metadata.commit_id;
  return events
    .filter(({ metadata }) => metadata.commit_id === commit)
    .map(({ stream, type, data }) => ({ stream, type, data: JSON.parse(data) }));
}

describe('freezing and unfreezing', () => {
  test.each(['FROZEN_DEBIT', 'FROZEN'] as const)('answer the account, %s and open again', async (status) => {
    const { bank, accountId } = await bankWithAccount();
    const frozen = await bank.freeze({ accountId, status });
    expect(frozen.answer).toEqual({ id: accountId, status, changed_at: TIME });
    expect(frozen.revision).toBe(1);
    const unfrozen = await bank.unfreeze({ accountId });
    expect(unfrozen.answer).toEqual({ id: accountId, status: 'OPEN', changed_at: TIME });
  });

  test('an account that pays nothing out takes money in, one that is frozen altogether does not', async () => {
    const { bank, accountId } = await bankWithAccount();
    await bank.freeze({ accountId, status: 'FROZEN_DEBIT' });
    expect((await bank.deposit({ accountId, amount: 1 })).answer.balance).toBe('1.00');
    expect((await bank.interest({ accountId, amount: 1, period: '2026-08' })).answer.balance).toBe('2.00');
    for (const pay of [bank.withdraw, bank.fee]) {
      await expect(pay({ accountId, amount: 1 })).rejects.toMatchObject({ code: 'account-frozen' });
    }
    await bank.freeze({ accountId });
    for (const move of [bank.deposit, bank.interest, bank.withdraw, bank.fee]) {
      await expect(move({ accountId, amount: 1 })).rejects.toMatchObject({ code: 'account-frozen' });
    }
    await bank.unfreeze({ accountId });
    expect((await bank.withdraw({ accountId, amount: 1 })).answer.balance).toBe('1.00');
  });

  test('a transfer needs a payer that pays and a payee that is not frozen altogether', async () => {
    const { bank, accountId, ownerId } = await bankWithAccount();
    const { id: other } = (await bank.open({ ownerId })).answer;
    const there = { fromAccountId: accountId, toAccountId: other, amount: 1 };
    await bank.freeze({ accountId, status: 'FROZEN_DEBIT' });
    await expect(bank.transfer(there)).rejects.toMatchObject({
      code: 'account-frozen',
      fields: [{ field: 'from_account_id' }],
    });
    await bank.transfer({ fromAccountId: other, toAccountId: accountId, amount: 1 });
    await bank.freeze({ accountId });
    await expect(
      bank.transfer({ fromAccountId: other, toAccountId: accountId, amount: 1 }),
    ).rejects.toMatchObject({ code: 'account-frozen', fields: [{ field: 'to_account_id' }] });
  });
});

describe('closing', () => {
  test('tells the account and its owner in one commit', async () => {
    const { bank, accountId, ownerId } = await bankWithAccount();
    const { answer, revision } = await bank.close({ accountId });
    expect(answer).toEqual({ id: accountId, status: 'CLOSED', changed_at: TIME });
    expect(revision).toBe(1);
    expect(await lastCommit(bank)).toEqual([
      {
        stream: `bank-account-${accountId}`,
        type: 'BankAccountClosedDomainEventV1',
        data: { owner_id: ownerId, status: 'CLOSED' },
      },
      {
        stream: `person-${ownerId}`,
        type: 'PersonAccountClosedDomainEventV1',
        data: { account_id: accountId, accounts: 0 },
      },
    ]);
  });

  test('is for good: nothing is done with the account any more', async () => {
    const { bank, accountId, ownerId } = await bankWithAccount();
    const { id: other } = (await bank.open({ ownerId })).answer;
    await bank.close({ accountId });
    const before = await bank.recorded();
    for (const attempt of [
      () => bank.deposit({ accountId }),
      () => bank.withdraw({ accountId, amount: 1 }),
      () => bank.interest({ accountId }),
      () => bank.fee({ accountId }),
      () => bank.transfer({ fromAccountId: accountId, toAccountId: other }),
      () => bank.transfer({ fromAccountId: other, toAccountId: accountId, amount: 1 }),
      () => bank.freeze({ accountId }),
      () => bank.freeze({ accountId, status: 'FROZEN_DEBIT' }),
      () => bank.unfreeze({ accountId }),
      () => bank.changeLimit({ accountId }),
      () => bank.close({ accountId }),
    ]) {
      await expect(attempt()).rejects.toMatchObject({ kind: 'rule', code: 'account-closed' });
    }
    expect(await bank.recorded()).toEqual(before);
  });

  test('a movement on it is not reversed any more', async () => {
    const { bank, accountId } = await bankWithAccount();
    const deposited = await bank.deposit({ accountId, amount: 1 });
    await bank.withdraw({ accountId, amount: 1 });
    await bank.close({ accountId });
    const recordedAt = { accountId, revision: deposited.revision };
    const { id: reversedId } = deposited.answer.transaction;
    await expect(bank.reverse({ reversedId, recordedAt })).rejects.toMatchObject({ code: 'account-closed' });
  });

  test('repeated with its key answers the first time again, closed as it is', async () => {
    const { bank, accountId } = await bankWithAccount();
    const first = await bank.close({ accountId }, newContext('key'));
    const again = await bank.close({ accountId }, newContext('key'));
    expect(again).toEqual({ ...first, replayed: true });
  });

  test('on a dry run answers the same and closes nothing', async () => {
    const { bank, accountId } = await bankWithAccount();
    const { answer } = await bank.close({ accountId }, { ...newContext(), dryRun: true });
    expect(answer).toMatchObject({ id: accountId, status: 'CLOSED' });
    expect((await bank.deposit({ accountId, amount: 1 })).answer.balance).toBe('1.00');
    const refused = bank.close({ accountId }, { ...newContext(), dryRun: true });
    await expect(refused).rejects.toMatchObject({ code: 'balance-not-zero' });
  });
});

describe('the overdraft limit', () => {
  test('is answered as it is now, with what that makes available', async () => {
    const { bank, accountId } = await bankWithAccount();
    await bank.withdraw({ accountId, amount: 200 });
    const { answer } = await bank.changeLimit({ accountId, overdraftLimit: '250.5' });
    expect(answer).toEqual({
      id: accountId,
      currency: 'USD',
      balance: '-200.00',
      overdraft_limit: '250.50',
      available_balance: '50.50',
      changed_at: TIME,
    });
    await expect(bank.withdraw({ accountId, amount: '50.51' })).rejects.toMatchObject({
      code: 'insufficient-funds',
    });
    expect((await bank.withdraw({ accountId, amount: '50.50' })).answer.balance).toBe('-250.50');
  });

  test('below what is used is refused, and says which field', async () => {
    const { bank, accountId } = await bankWithAccount();
    await bank.withdraw({ accountId, amount: 200 });
    await expect(bank.changeLimit({ accountId, overdraftLimit: '199.99' })).rejects.toMatchObject({
      kind: 'rule',
      code: 'overdraft-limit-in-use',
      fields: [{ field: 'overdraft_limit' }],
    });
  });
});

test('an account that there is not is nowhere found, and no field is blamed', async () => {
  const bank = await createTestBank();
  const accountId = newId();
  for (const change of [bank.freeze, bank.unfreeze, bank.close, bank.changeLimit]) {
    await expect(change({ accountId })).rejects.toMatchObject({
      kind: 'not-found',
      code: 'account-not-found',
      fields: [],
    });
  }
  expect(await bank.recorded()).toEqual([]);
});

test('the read model follows status and limit', async () => {
  const { bank, accountId } = await bankWithAccount();
  const shown = async () => {
    await bank.project(accounts, persons);
    return (await getAccount(bank.models, bank.vault)({ type: 'GetAccount', accountId }, undefined))?.answer;
  };
  await bank.freeze({ accountId, status: 'FROZEN_DEBIT' });
  await bank.changeLimit({ accountId, overdraftLimit: 7 });
  expect(await shown()).toMatchObject({ status: 'FROZEN_DEBIT', available_balance: '7.00' });
  const { answer } = await bank.close({ accountId });
  expect(await shown()).toMatchObject({ status: 'CLOSED', last_modified: answer.changed_at });
});
