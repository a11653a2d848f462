import type { ListPage, Paging } from '../queries/query-description.ts';

interface Item {
  readonly id: string;
}

/** The ids on each page of a list; `between` is done before each page but the first. */
export async function pagesOf(
  list: (paging: Paging) => Promise<ListPage<Item>>,
  limit: number,
  between = async () => {},
): Promise<readonly (readonly string[])[]> {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    if (pages.length > 0) await between();
    const { items, next } = await list({ limit, cursor });
    pages.push(items.map(({ id }) => id));
    cursor = next;
  } while (cursor !== undefined);
  return pages;
}
