import type { Found, ListPage } from '@openbank/bank';
import type { Executed } from '@openbank/eventsourcing';
import type { FastifyReply } from 'fastify';

/** Sets the headers that every answer to a write carries, and gives the answer itself. */
export function written<Answer>(
  reply: FastifyReply,
  { answer, position, replayed }: Executed<Answer>,
): Answer {
  reply.header('OpenBank-Position', position);
  if (replayed) reply.header('Idempotency-Replayed', 'true');
  return answer;
}

/** Sets the `ETag`, the revision of the stream that the answer shows, and gives the answer itself. */
export function showRevision<Answer>(reply: FastifyReply, { answer, revision }: Found<Answer>): Answer {
  reply.header('ETag', `"${revision}"`);
  return answer;
}

/** A page as lists answer it: see `PageOut`. */
export function pageBody<Item>({ items, next }: ListPage<Item>) {
  return { data: [...items], page: { next: next ?? null, has_more: next !== undefined } };
}
