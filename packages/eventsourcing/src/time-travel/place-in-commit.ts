import type { RecordedEvent } from '../event.ts';

/** Which event of its commit it is, from 0. What does not say so is taken for a commit of its own. */
export function indexInCommit({ metadata }: Pick<RecordedEvent, 'metadata'>): number {
  return Number(metadata.commit_index ?? 0);
}

/** How many events its commit has. */
export function sizeOfCommit({ metadata }: Pick<RecordedEvent, 'metadata'>): number {
  return Number(metadata.commit_size ?? 1);
}
