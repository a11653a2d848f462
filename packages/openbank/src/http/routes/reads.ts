import type { Found } from '@openbank/bank';
import type { Position } from '@openbank/eventsourcing';
import type { FastifyReply } from 'fastify';
import { malformed } from '../problem.ts';
import type { ReadHeaders, ReadQuery } from '../schemas/headers.ts';

interface ReadRequest {
  readonly headers: ReadHeaders;
  readonly query: ReadQuery;
}

/** What the read must not be older than, from the query or the header. */
export function minPosition({ headers, query }: ReadRequest): Position | undefined {
  const inHeader = headers['openbank-min-position'];
  const inQuery = query.min_position;
  if (inHeader === undefined || inQuery === undefined || inHeader === inQuery) return inQuery ?? inHeader;
  throw malformed([
    { field: 'query.min_position', message: 'differs from OpenBank-Min-Position: send one of them' },
  ]);
}

/** Sets the `ETag`, the revision of the stream that the answer shows, and gives the answer itself. */
export function showRevision<Answer>(reply: FastifyReply, { answer, revision }: Found<Answer>): Answer {
  reply.header('ETag', `"${revision}"`);
  return answer;
}
