import type { Found, ListPage } from '@openbank/bank';
import type { Executed } from '@openbank/eventsourcing';
import type { FastifyReply } from 'fastify';
import { isDryRun } from './request-context.ts';

/** Sets the headers that every answer to a write carries, and gives the answer itself. */
export function written<Answer>(
  reply: FastifyReply,
  { answer, position, replayed }: Executed<Answer>,
): Answer {
  if (isDryRun(reply.request)) reply.header('OpenBank-Dry-Run', 'true');
  else reply.header('OpenBank-Position', position);
  if (replayed) reply.header('Idempotency-Replayed', 'true');
  return answer;
}

/** The same for what can be read again: its revision too, as `If-Match` takes it. In a dry run there is none. */
export function changed<Answer>(reply: FastifyReply, executed: Executed<Answer>): Answer {
  if (!isDryRun(reply.request)) reply.header('ETag', `"${executed.revision}"`);
  return written(reply, executed);
}

/** The same for what was made, which has an address: `/api/v1` and the path. */
export function made<Answer extends { readonly id: string }>(
  reply: FastifyReply,
  collection: string,
  executed: Executed<Answer>,
): Answer {
  reply.code(201);
  if (!isDryRun(reply.request)) reply.header('Location', `/api/v1${collection}/${executed.answer.id}`);
  return changed(reply, executed);
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
