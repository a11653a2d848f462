import { beforeEach, describe, expect, test } from 'vitest';
import { persons } from '../projections/persons.ts';
import { pagesOf } from '../testing/pages.ts';
import { createTestBank, newId, type TestBank } from '../testing/test-bank.ts';
import { getPersons } from './get-persons.ts';
import type { Paging } from './query-description.ts';

let bank: TestBank;
beforeEach(async () => {
  bank = await createTestBank();
});

const personsOf =
  ({ models, vault }: Pick<TestBank, 'models' | 'vault'>) =>
  (paging: Paging) =>
    getPersons(models, vault)({ type: 'GetPersons', ...paging }, undefined);

describe('the list of persons', () => {
  async function registered(count: number): Promise<readonly string[]> {
    const ids = Array.from({ length: count }, newId);
    for (const personId of ids) await bank.register({ personId });
    await bank.project(persons);
    return ids;
  }

  test('shows each as it was answered, in the order of their registration', async () => {
    const { answer } = await bank.register();
    await bank.project(persons);
    expect(await personsOf(bank)({ limit: 10 })).toEqual({ items: [answer], next: undefined });
  });

  test('has pages of the limit, and no empty one at the end', async () => {
    const ids = await registered(4);
    expect(await pagesOf(personsOf(bank), 3)).toEqual([ids.slice(0, 3), ids.slice(3)]);
    expect(await pagesOf(personsOf(bank), 2)).toEqual([ids.slice(0, 2), ids.slice(2)]);
    expect(await pagesOf(personsOf(bank), 4)).toEqual([ids]);
    expect(await pagesOf(personsOf(bank), 200)).toEqual([ids]);
  });

  test('neither skips nor repeats anybody while others are added, before and behind', async () => {
    const early = Array.from({ length: 3 }, newId);
    const ids = await registered(6);
    const added: string[] = [];
    const pages = await pagesOf(personsOf(bank), 2, async () => {
      const personId = early.shift() ?? newId();
      await bank.register({ personId });
      added.push(personId);
      await bank.project(persons);
    });
    expect(pages.flat().filter((id) => !added.includes(id))).toEqual(ids);
    expect(new Set(pages.flat()).size).toBe(pages.flat().length);
  });

  test('shows of an erased person only the word', async () => {
    const [id = ''] = await registered(1);
    const vault = await bank.vaultAfterErasing(id);
    const { items } = await personsOf({ ...bank, vault })({ limit: 1 });
    expect(items).toMatchObject([{ id, first_name: 'erased', address: null }]);
  });

  test('is empty where nobody is registered', async () => {
    await bank.project(persons);
    expect(await personsOf(bank)({ limit: 1 })).toEqual({ items: [], next: undefined });
  });
});
