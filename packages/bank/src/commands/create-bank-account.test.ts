import { expect, test } from 'vitest';
import { createTestBank, newContext, newId } from '../testing/test-bank.ts';
import { validateCreateBankAccount } from './create-bank-account.ts';

const command = {
  type: 'CreateBankAccount',
  accountId: newId(),
  ownerId: newId(),
  currency: 'USD',
  overdraftLimit: 500,
} as const;

test('a new account has a balance, and the overdraft limit that was asked for', async () => {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  const accountId = newId();
  const { answer } = await bank.open({ accountId, ownerId, overdraftLimit: 500.5 });
  expect(answer).toEqual({
    id: accountId,
    owner_id: ownerId,
    balance: '0.00',
    available_balance: '500.50',
    overdraft_limit: '500.50',
    currency: 'USD',
    status: 'OPEN',
    reference: null,
    created_at: expect.stringMatching(/Z$/),
    last_modified: answer.created_at,
  });
});

test('opening is one commit on the account and on its owner, who counts it', async () => {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  await Promise.all([bank.open({ ownerId }), bank.open({ ownerId }), bank.open({ ownerId })]);
  const recorded = (await bank.recorded()).map(({ type, stream, data, metadata }) => ({
    type,
    stream,
    data: JSON.parse(data),
    command: metadata.command_id,
  }));
  const opened = recorded.filter(({ type }) => type === 'BankAccountCreatedDomainEventV1');
  const counted = recorded.filter(({ stream }) => stream === `person-${ownerId}`).slice(1);
  expect(opened).toHaveLength(3);
  expect(counted.map(({ data }) => data.accounts)).toEqual([1, 2, 3]);
  expect(counted.map(({ data }) => `bank-account-${data.account_id}`).sort()).toEqual(
    opened.map(({ stream }) => stream).sort(),
  );
  expect(new Set(counted.map(({ command: id }) => id))).toEqual(new Set(opened.map(({ command: id }) => id)));
});

test('an account needs a registered owner', async () => {
  const bank = await createTestBank();
  await expect(bank.open({ ownerId: newId() })).rejects.toMatchObject({
    kind: 'not-found',
    code: 'person-not-found',
    fields: [expect.objectContaining({ field: 'owner_id' })],
  });
  expect(await bank.recorded()).toEqual([]);
});

test('opening repeated with its key answers the first account again', async () => {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  const first = await bank.open({ ownerId }, newContext('key'));
  const again = await bank.open({ ownerId }, newContext('key'));
  expect(again).toEqual({ ...first, replayed: true });
});

test.each([
  ['10000000000000.00', 'USD', '10000000000000.00'],
  ['1000000000000000', 'JPY', '1000000000000000'],
])('an overdraft limit of %s %s is the highest there is', async (overdraftLimit, currency, limit) => {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  const { answer } = await bank.open({ ownerId, overdraftLimit, currency });
  expect(answer.overdraft_limit).toBe(limit);
});

test.each([
  ['10000000000000.01', 'USD', 'overdraft-limit-too-high'],
  ['1000000000000001', 'JPY', 'overdraft-limit-too-high'],
  ['1.000', 'USD', 'malformed'],
  ['1.0', 'JPY', 'malformed'],
])('an overdraft limit of %s %s is refused: %s', async (overdraftLimit, currency, code) => {
  const bank = await createTestBank();
  const { id: ownerId } = (await bank.register()).answer;
  await expect(bank.open({ ownerId, overdraftLimit, currency })).rejects.toMatchObject({
    code,
    fields: [expect.objectContaining({ field: 'overdraft_limit' })],
  });
});

test('currency and overdraft limit are judged before anything is decided', () => {
  expect(() => validateCreateBankAccount(command)).not.toThrow();
  expect(() => validateCreateBankAccount({ ...command, currency: 'usd', overdraftLimit: -500 })).toThrow(
    expect.objectContaining({
      code: 'malformed',
      fields: [
        expect.objectContaining({ field: 'currency' }),
        expect.objectContaining({ field: 'overdraft_limit' }),
      ],
    }),
  );
});
