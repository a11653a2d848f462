import type { Bank } from '../bank.ts';
import type { Metrics } from '../metrics.ts';
import type { Health } from './health.ts';
import type { Reads } from './reads.ts';

/** What the routes are made of. */
export interface HttpParts {
  readonly bank: Bank;
  readonly reads: Reads;
  readonly health: Health;
  readonly metrics: Metrics;
  /** Currency of accounts that are opened without one. */
  readonly currency: string;
}
