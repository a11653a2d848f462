import type { ModelCheckOptions } from './model-check.ts';

/** What the comparison of documents by id does not see: lists are read by indexes. */
export async function checkKeeping({ projection, reader, findings }: ModelCheckOptions): Promise<void> {
  const { name } = projection;
  const [first, ...more] = await reader.faults(projection);
  if (first !== undefined) findings.add(`read-model-index:${name}`, name, first, 1 + more.length);
}
