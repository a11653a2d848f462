import type { Document, Vault } from '@openbank/eventsourcing';
import { descriptionOf } from '../answers/transaction.ts';
import { sealedOrNull } from '../projections/fields.ts';

/** The description in a document of a transaction or a line, opened; null where there is none. */
export async function shownDescription({ fields }: Document, vault: Vault): Promise<string | null> {
  const sealed = sealedOrNull(fields, 'description');
  return sealed === null ? null : descriptionOf(await vault.open(sealed));
}
