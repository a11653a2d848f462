import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InjectOptions } from 'fastify';
import type { Answering } from './calls.ts';

/** The bank as a good client sees it: what it cannot answer for now is asked again, with the same key. */
export function patiently(app: Answering): Answering {
  return {
    async inject(options: InjectOptions) {
      const headers = { 'Idempotency-Key': randomUUID(), ...options.headers };
      for (let left = 400; ; left--) {
        const answer = await app.inject({ ...options, headers });
        if (answer.statusCode !== 503 || left === 0) return answer;
        await sleep(50);
      }
    },
  };
}
