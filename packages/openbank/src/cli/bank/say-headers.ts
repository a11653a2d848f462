import type { Answer } from '@openbank/client';
import { detailLines } from './table.ts';

/** What an answer says beside its data, for people: at which revision that is, and what kind of answer it is. */
export function headerLines(
  answer: Pick<Answer<unknown>, 'etag' | 'replayed' | 'response'>,
): readonly string[] {
  return [...detailLines({ revision: answer.etag?.replaceAll('"', '') }), ...kindOf(answer)];
}

/** Whether nothing was recorded, since that was asked for. */
export function isDryRun({ response }: Pick<Answer<unknown>, 'response'>): boolean {
  return response.headers.get('OpenBank-Dry-Run') === 'true';
}

function kindOf({ replayed, response }: Pick<Answer<unknown>, 'replayed' | 'response'>): readonly string[] {
  if (isDryRun({ response })) return ['A dry run: nothing was recorded.'];
  const asOf = response.headers.get('OpenBank-As-Of-Position');
  if (asOf !== null) return [`As of position ${asOf}.`];
  return replayed ? ['Nothing new: this is the first answer to this key again.'] : [];
}
