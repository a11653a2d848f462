import { beforeEach, describe, expect, test } from 'vitest';
import { accounts } from '../projections/accounts.ts';
import { persons } from '../projections/persons.ts';
import { pagesOf } from '../testing/pages.ts';
import { createTestBank, newId, type TestBank } from '../testing/test-bank.ts';
import { type GetAccounts, getAccounts, validateGetAccounts } from './get-accounts.ts';
import type { Paging } from './query-description.ts';

let bank: TestBank;
beforeEach(async () => {
  bank = await createTestBank();
});

const accountsOf =
  ({ models, vault }: Pick<TestBank, 'models' | 'vault'>, filters: Partial<GetAccounts> = {}) =>
  (paging: Paging) =>
    getAccounts(models, vault)({ type: 'GetAccounts', ...filters, ...paging }, undefined);

describe('the list of accounts', () => {
  let ann: string;
  let bob: string;
  let opened: readonly string[];
  beforeEach(async () => {
    ann = (await bank.register()).answer.id;
    bob = (await bank.register({ personId: newId() })).answer.id;
    const wanted = [
      { ownerId: ann, currency: 'USD' },
      { ownerId: bob, currency: 'EUR' },
      { ownerId: ann, currency: 'EUR' },
      { ownerId: bob, currency: 'USD' },
      { ownerId: ann, currency: 'USD' },
    ];
    const ids: string[] = [];
    for (const one of wanted) ids.push((await bank.open(one)).answer.id);
    opened = ids;
    await bank.project(persons, accounts);
  });

  const at = (...places: readonly number[]) => places.map((place) => opened[place]);

  test('shows each with its balance and the name of its owner', async () => {
    await bank.deposit({ accountId: opened[0] ?? '', amount: '12.50' });
    await bank.project(accounts);
    const { items } = await accountsOf(bank)({ limit: 1 });
    expect(items).toMatchObject([
      { id: opened[0], owner_id: ann, owner: 'Alice Smith', balance: '12.50', status: 'OPEN' },
    ]);
  });

  const filters: readonly (readonly [string, () => Partial<GetAccounts>, readonly number[]])[] = [
    ['none', () => ({}), [0, 1, 2, 3, 4]],
    ['an owner', () => ({ ownerId: ann }), [0, 2, 4]],
    ['a currency', () => ({ currency: 'EUR' }), [1, 2]],
    ['a status', () => ({ status: 'OPEN' }), [0, 1, 2, 3, 4]],
    ['a status that none has', () => ({ status: 'FROZEN' }), []],
    ['a currency and a status', () => ({ currency: 'USD', status: 'OPEN' }), [0, 3, 4]],
    ['an owner and a currency', () => ({ ownerId: ann, currency: 'USD' }), [0, 4]],
    ['an owner and a status', () => ({ ownerId: bob, status: 'OPEN' }), [1, 3]],
    ['all three', () => ({ ownerId: bob, currency: 'EUR', status: 'OPEN' }), [1]],
    ['an owner whom nobody knows', () => ({ ownerId: newId() }), []],
    ['what would be a condition in a query', () => ({ ownerId: "' OR 1=1 --" }), []],
  ];

  test.each(filters)(
    'by %s shows those that fit, on pages of any size, time after time',
    async (_, by, places) => {
      const ids = at(...places);
      for (const limit of [1, 2, 3, 200, 2]) {
        expect((await pagesOf(accountsOf(bank, by()), limit)).flat()).toEqual(ids);
      }
    },
  );

  test('answers a second filter by owner as it did the first', async () => {
    const annual = await accountsOf(bank, { ownerId: ann })({ limit: 50 });
    await accountsOf(bank, { ownerId: bob })({ limit: 50 });
    expect(await accountsOf(bank, { ownerId: ann })({ limit: 50 })).toEqual(annual);
  });

  test('neither skips nor repeats any while others are opened, before and behind', async () => {
    const early = opened[0]?.replace(/^0/, '-') ?? '';
    const added = new Set<string>();
    for (const by of [{}, { ownerId: ann }, { currency: 'USD' }, { ownerId: ann, currency: 'USD' }]) {
      const first = (await pagesOf(accountsOf(bank, by), 200)).flat();
      const pages = await pagesOf(accountsOf(bank, by), 1, async () => {
        const accountId = added.size === 0 ? early : newId();
        added.add(accountId);
        if (added.size < 12) await bank.open({ ownerId: ann, accountId });
        await bank.project(accounts);
      });
      expect(pages.flat().slice(0, first.length)).toEqual(first);
      expect(new Set(pages.flat()).size).toBe(pages.flat().length);
    }
  });

  test('says of an owner who is not in the read model yet null, never erased', async () => {
    const unknown = await createTestBank();
    const { id: ownerId } = (await unknown.register()).answer;
    await unknown.open({ ownerId });
    await unknown.project(accounts);
    expect((await accountsOf(unknown)({ limit: 1 })).items).toMatchObject([{ owner: null }]);
  });

  test('refuses a currency that there is not', () => {
    const query = { type: 'GetAccounts', limit: 1 } as const;
    expect(() => validateGetAccounts({ ...query, currency: 'QQQ' })).toThrow(
      expect.objectContaining({
        kind: 'malformed',
        fields: [expect.objectContaining({ field: 'currency' })],
      }),
    );
    expect(() => validateGetAccounts({ ...query, currency: 'JPY' })).not.toThrow();
  });

  test('refuses the cursor of other filters, or of none', async () => {
    const filters: readonly Partial<GetAccounts>[] = [
      {},
      { currency: 'USD' },
      { currency: 'EUR' },
      { status: 'OPEN' },
      { ownerId: ann },
      { ownerId: ann, currency: 'USD' },
      { ownerId: ann, status: 'OPEN' },
      { ownerId: ann, currency: 'USD', status: 'OPEN' },
    ];
    for (const by of filters) {
      const { next: cursor } = await accountsOf(bank, by)({ limit: 1 });
      expect((await accountsOf(bank, by)({ limit: 1, cursor })).items).toHaveLength(1);
      for (const other of filters.filter((each) => each !== by)) {
        await expect(accountsOf(bank, other)({ limit: 1, cursor })).rejects.toMatchObject({
          code: 'cursor-refused',
        });
      }
    }
  });
});
