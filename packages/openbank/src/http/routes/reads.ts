import type { Found, ListPage } from '@openbank/bank';
import type { FastifyReply } from 'fastify';
import { malformed, type ProblemError } from '../problem.ts';
import type { MinPosition } from '../reads.ts';
import type { ReadHeaders, ReadQuery } from '../schemas/headers.ts';

interface ReadRequest {
  readonly headers: ReadHeaders;
  readonly query: ReadQuery;
}

/** What the read must not be older than, from the query or the header. */
export function minPosition({ headers, query }: ReadRequest): MinPosition | undefined {
  const inHeader = headers['openbank-min-position'];
  const inQuery = query.min_position;
  if (inQuery !== undefined && inHeader !== undefined && inQuery !== inHeader) throw differing();
  if (inQuery !== undefined) return { position: inQuery, field: 'min_position' };
  return inHeader === undefined ? undefined : { position: inHeader, field: 'OpenBank-Min-Position' };
}

function differing(): ProblemError {
  return malformed([
    { field: 'min_position', message: 'must be the same as OpenBank-Min-Position: send one of them' },
  ]);
}

/** Sets the `ETag`, the revision of the stream that the answer shows, and gives the answer itself. */
export function showRevision<Answer>(reply: FastifyReply, { answer, revision }: Found<Answer>): Answer {
  reply.header('ETag', `"${revision}"`);
  return answer;
}

/** A page as lists answer it. */
export function page<Item>({ items, next }: ListPage<Item>) {
  return { data: [...items], page: { next: next ?? null, has_more: next !== undefined } };
}
