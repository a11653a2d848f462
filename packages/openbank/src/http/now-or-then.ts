import { type LookupDescription, Refusal } from '@openbank/bank';
import type { Position } from '@openbank/eventsourcing';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { minPosition } from './min-position.ts';
import { momentOf } from './moment.ts';
import type { Reads } from './reads.ts';
import type { NowOrThenQuery, ReadHeaders } from './schemas/headers.ts';

/** A request that may ask for the past. */
interface Request extends Pick<FastifyRequest, 'headers'> {
  readonly headers: ReadHeaders & FastifyRequest['headers'];
  readonly query: NowOrThenQuery;
}

/**
 * Finds what is there now, or what was there at the moment that the request names: then the answer names the position.
 *
 * @param ask - asks for now, or, where a position is given, for then
 * @throws as `Reads.find` and `Reads.past` do
 */
export async function findNowOrThen<Query, Answer>(
  reads: Reads,
  { request, reply }: { readonly request: Request; readonly reply: FastifyReply },
  description: LookupDescription<Query>,
  query: Query,
  ask: (asOf?: Position, deadline?: AbortSignal) => Promise<Answer | undefined>,
): Promise<Answer> {
  const moment = momentOf(request);
  if (moment === undefined) return reads.find(description, query, () => ask(), minPosition(request));
  const { answer, position } = await reads.past(moment, ask, () => notFoundThen(description.notFound()));
  reply.header('OpenBank-As-Of-Position', position);
  return answer;
}

/** What is not there now is made first; what was not there then was not, whatever is done. */
function notFoundThen({ kind, code }: Refusal): Refusal {
  return new Refusal(
    kind,
    code,
    'There was nothing of this id at that moment: check the id, or ask for a later one.',
  );
}
