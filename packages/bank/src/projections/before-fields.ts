import type { DocumentFields, PreviousVersion, Projection } from '@openbank/eventsourcing';

/** What a projection was before fields were added to it. */
interface Before extends Pick<Projection, 'version' | 'indexes'>, Partial<Pick<Projection, 'documentIds'>> {
  /** The fields that were added, as a document shows them that was made without. */
  readonly added: DocumentFields;
}

/** The version of a projection before fields were added: it made the same documents without them. */
export function beforeFields(projection: Projection, { added, ...before }: Before): PreviousVersion {
  const withoutAdded = <Value>(all: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !Object.hasOwn(added, name)));
  return {
    projection: {
      ...projection,
      ...before,
      fields: withoutAdded(projection.fields),
      evolve(fields, event, documentId) {
        const evolved = projection.evolve(fields && { ...fields, ...added }, event, documentId);
        return evolved && withoutAdded(evolved);
      },
    },
    upgraded: (fields) => ({ ...fields, ...added }),
  };
}
