import { badValue } from '../command-error.ts';
import type { Collection } from '../storage/collection.ts';
import type { CollectionIndex } from '../storage/collection-index.ts';
import { fieldKey, type IndexField } from '../storage/index-keys.ts';
import type { Document } from '../values/document.ts';
import { AFTER, inverted, keyString, typeTag } from '../values/key-string.ts';
import { type Bounds, boundsOf, type FieldBounds } from './bounds.ts';
import { implies } from './implies.ts';
import type { SortField } from './sort.ts';

/** A stretch of an index. */
export interface Stretch {
  readonly from: string;
  readonly to: string;
}

/** How the documents of a query are found: along an index, or one by one. */
export interface Plan {
  readonly index?: CollectionIndex;
  readonly stretches: readonly Stretch[];
  readonly descending: boolean;
  /** Whether they come in the order that is asked for. */
  readonly ordered: boolean;
}

const SCAN: Plan = { stretches: [], descending: false, ordered: false };

/** Longer lists of equal values are not multiplied over several fields. */
const MOST_STRETCHES = 5000;

/** With a hint, along that index and no other. */
export function planQuery(
  collection: Collection,
  filter: Document,
  sort: readonly SortField[],
  hint?: CollectionIndex,
): Plan {
  const bounds = boundsOf(filter);
  if (hint !== undefined) return planHinted(hint, filter, bounds, sort);
  let best: Plan = { ...SCAN, ordered: sort.length === 0 };
  let bestWorth = 0;
  for (const index of collection.indexes.values()) {
    if (index.multikey || !(index.complete || covered(index, filter))) continue;
    const [plan, worth] = planIndex(index, bounds, sort);
    if (worth > bestWorth) [best, bestWorth] = [plan, worth];
  }
  return best;
}

function planHinted(
  hint: CollectionIndex,
  filter: Document,
  bounds: Bounds,
  sort: readonly SortField[],
): Plan {
  if (!(hint.complete || covered(hint, filter)))
    throw badValue('the hinted index does not hold all that is asked for');
  if (!hint.multikey) return planIndex(hint, bounds, sort)[0];
  return { ...SCAN, ordered: sort.length === 0 };
}

function covered(index: CollectionIndex, filter: Document): boolean {
  const { partialFilterExpression } = index.spec;
  return partialFilterExpression !== undefined && implies(filter, partialFilterExpression);
}

/** A plan along one index, and what it is worth: fields that are fixed count most, then an order, then a range. */
function planIndex(
  index: CollectionIndex,
  bounds: Bounds,
  sort: readonly SortField[],
): readonly [Plan, number] {
  let prefixes: readonly string[] = [''];
  let fixed = 0;
  for (const field of index.fields) {
    const values = bounds.get(field.name)?.in;
    if (values === undefined || prefixes.length * values.length > MOST_STRETCHES) break;
    const keys = [...new Set(values.map((value) => fieldKey(field, value)))].sort();
    prefixes = prefixes.flatMap((prefix) => keys.map((key) => prefix + key));
    fixed++;
  }
  const next = index.fields[fixed];
  const range = next && bounds.get(next.name);
  const direction = prefixes.length > 1 ? undefined : orderOf(index.fields.slice(fixed), sort, bounds);
  const stretches = prefixes.map((prefix) => stretchOf(prefix, next, range));
  const ordered = sort.length === 0 || direction !== undefined;
  const unique = index.unique && fixed === index.fields.length;
  const worth =
    fixed * 8 +
    (ordered && sort.length > 0 ? 4 : 0) +
    (range?.from || range?.to ? 2 : 0) +
    (unique ? 100 : 0);
  return [{ index, stretches, descending: direction === 'down', ordered }, worth];
}

/** In which direction the fields of an index give the order that is asked for, if they do. */
function orderOf(
  fields: readonly IndexField[],
  sort: readonly SortField[],
  bounds: Bounds,
): 'up' | 'down' | undefined {
  const wanted = sort.filter(({ name }) => bounds.get(name)?.in?.length !== 1);
  if (wanted.length > fields.length) return undefined;
  const turns = wanted.map((field, at) => {
    const { name, descending } = fields[at] ?? {};
    return name === field.name ? descending !== field.descending : undefined;
  });
  if (turns.every((turn) => turn === false)) return 'up';
  return turns.every((turn) => turn === true) ? 'down' : undefined;
}

/** The stretch behind a prefix, narrowed by a range of the next field: a range is within one type. */
function stretchOf(prefix: string, field: IndexField | undefined, range: FieldBounds | undefined): Stretch {
  const bracket = range?.from ?? range?.to;
  if (field === undefined || bracket === undefined) return { from: prefix, to: prefix + AFTER };
  const tag = typeTag(bracket.value);
  const low = range?.from ? edge(range.from.value, !range.from.inclusive, field) : tagEdge(tag, false, field);
  const high = range?.to ? edge(range.to.value, range.to.inclusive, field) : tagEdge(tag, true, field);
  return field.descending
    ? { from: prefix + high, to: prefix + low }
    : { from: prefix + low, to: prefix + high };
}

/** The place right before all entries of a value, or right behind them, as seen in ascending order of values. */
function edge(value: unknown, behind: boolean, { descending }: IndexField): string {
  const key = keyString(value);
  if (descending) return inverted(key) + (behind ? '' : AFTER);
  return key + (behind ? AFTER : '');
}

/** The same for all values of a type. */
function tagEdge(tag: string, behind: boolean, { descending }: IndexField): string {
  const unit = descending ? inverted(tag) : tag;
  return behind === descending ? unit : String.fromCharCode(unit.charCodeAt(0) + 1);
}
