import { isDeepStrictEqual } from 'node:util';
import type { FieldValue, ReadModel } from '../projections/read-model-store.ts';

type Fields = Readonly<Record<string, FieldValue>>;

/**
 * What a stored document says that the replay does not; undefined where they are equal. Of texts and JSON it names the
 * fields only: they may be anybody's.
 */
export function documentDifference(model: ReadModel, expected: Fields, stored: Fields): string | undefined {
  const differences: string[] = [];
  for (const name in model.fields) {
    const [wanted = null, found = null] = [expected[name], stored[name]];
    if (same(wanted, found)) continue;
    const values =
      model.fields[name] === 'integer' ? ` is ${found}, and ${wanted} in the replay` : ' differs';
    differences.push(name + values);
  }
  return differences.length === 0 ? undefined : differences.join('; ');
}

function same(wanted: FieldValue, found: FieldValue): boolean {
  return wanted === found || (typeof wanted === 'object' && isDeepStrictEqual(wanted, found));
}
