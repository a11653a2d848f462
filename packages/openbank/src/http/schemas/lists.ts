import { type TSchema, Type } from 'typebox';
import { Nullable } from './common.ts';
import { ReadQuery } from './headers.ts';

const DEFAULT_LIMIT = 50;

/** Query parameters come as text, and are not turned into numbers before they are judged. */
const limit = Type.Unsafe<string | number>({
  type: ['integer', 'string'],
  minimum: 1,
  maximum: 200,
  pattern: '^([1-9][0-9]?|1[0-9][0-9]|200)$',
  default: DEFAULT_LIMIT,
  description: 'How many items a page has at most.',
  examples: [DEFAULT_LIMIT],
  'x-must': 'be a whole number from 1 to 200',
});

const cursor = Type.String({
  pattern: '^[A-Za-z0-9_-]{1,512}$',
  description: '`page.next` of the page before, of the same list with the same filters.',
  'x-must': 'be `next` of the page before, as it was',
});

const paging = { limit: Type.Optional(limit), cursor: Type.Optional(cursor) };

/** The query parameters of a list: what every list takes, and its own. */
export const ListQuery = <Own extends Readonly<Record<string, TSchema>>>(own: Own) =>
  Type.Object({ ...own, ...paging, ...ReadQuery.properties }, { additionalProperties: false });

/** Which page is wanted, from the query parameters of a list. */
export function pagingOf({ limit = DEFAULT_LIMIT, cursor }: { limit?: string | number; cursor?: string }) {
  return { limit: Number(limit), cursor };
}

/** A page of a list. */
export const PageOut = <Item extends TSchema>(item: Item) =>
  Type.Object({
    data: Type.Array(item),
    page: Type.Object({
      next: Nullable(
        Type.String({
          description: 'The `cursor` of the next page; null on the last one.',
          examples: [null],
        }),
      ),
      has_more: Type.Boolean({
        description:
          'Whether there is a next page. A page of a filtered list may be short, even empty, while it is true.',
        examples: [false],
      }),
    }),
  });
