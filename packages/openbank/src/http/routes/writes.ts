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
