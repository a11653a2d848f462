import { type Document, planQuery, type Query, type ReadModelReader } from '@openbank/eventsourcing';
import { expect, test } from 'vitest';
import { statementLines } from '../projections/statement-lines.ts';
import { filteredPage } from './filtered-page.ts';

const LINES = 20_600;

/** Lines `0`, `1`... of one account, which are looked at in this order. */
function linesOf(count: number) {
  const lines = Array.from({ length: count }, (_, place): Document => {
    const id = String(place).padStart(16, '0');
    return { id, revision: place, fields: { account_id: 'a', booked_at: BigInt(place) } };
  });
  let finds = 0;
  const models = {
    async find(model, query) {
      finds++;
      const { after, limit, cursor } = planQuery(model, query);
      const from = after === undefined ? 0 : Number(after.id) + 1;
      const documents = lines.slice(from, from + limit);
      const last = documents.at(-1);
      return { documents, next: last && from + limit < lines.length ? cursor(last) : undefined };
    },
  } satisfies Pick<ReadModelReader, 'find'>;
  return { models: { ...unused, ...models }, finds: () => finds };
}

const never = () => Promise.reject(new Error('nobody asks that'));
const unused = {
  get: never,
  getMany: never,
  checkpoints: never,
  liveVersion: never,
  census: never,
  faults: never,
};

const orderBy = { field: 'booked_at', direction: 'ascending' } as const;
const query: Query = { where: { account_id: 'a' }, orderBy, limit: 3 };
const only =
  (...places: readonly number[]) =>
  ({ revision }: Document) =>
    places.includes(revision);

async function placesOf(
  models: ReadModelReader,
  isWanted: (line: Document) => boolean,
  cursor: string | undefined,
) {
  const wanted = cursor === undefined ? query : { ...query, cursor };
  const { documents, next } = await filteredPage(models, statementLines, wanted, { mark: 'some', isWanted });
  return { places: documents.map(({ revision }) => revision), next };
}

async function everyPage(models: ReadModelReader, isWanted: (line: Document) => boolean) {
  const pages: (readonly number[])[] = [];
  let cursor: string | undefined;
  do {
    const { places, next } = await placesOf(models, isWanted, cursor);
    pages.push(places);
    cursor = next;
  } while (cursor !== undefined);
  return pages;
}

test('a page ends where it is full, and the next one starts right behind, wherever that is in a stride', async () => {
  const { models } = linesOf(1_000);
  const places = [0, 1, 248, 249, 250, 251, 499, 500, 749, 999];
  const pages = await everyPage(models, only(...places));
  expect(pages).toEqual([[0, 1, 248], [249, 250, 251], [499, 500, 749], [999]]);
});

test('a page that is full at the end of all is the last one', async () => {
  const { models } = linesOf(500);
  expect(await everyPage(models, only(0, 1, 499))).toEqual([[0, 1, 499]]);
});

test('a page ends once 20,000 documents were looked at, be it short or empty, and the next one leads on', async () => {
  const { models, finds } = linesOf(LINES);
  const first = await placesOf(models, only(7, LINES - 1), undefined);
  expect(first.places).toEqual([7]);
  expect(finds()).toBe(80);
  const second = await placesOf(models, only(7, LINES - 1), first.next);
  expect(second).toEqual({ places: [LINES - 1], next: undefined });
  const nothing = await placesOf(models, only(), undefined);
  expect(nothing).toMatchObject({ places: [], next: expect.any(String) });
});

test('others get a turn while it looks', async () => {
  const { models } = linesOf(LINES);
  let turns = 0;
  const turn = (): void => void (turns++ < 1_000 && setImmediate(turn));
  turn();
  await placesOf(models, only(), undefined);
  expect(turns).toBeGreaterThanOrEqual(80);
});

test('an empty list is an empty page', async () => {
  const { models } = linesOf(0);
  expect(await everyPage(models, only(0))).toEqual([[]]);
});
