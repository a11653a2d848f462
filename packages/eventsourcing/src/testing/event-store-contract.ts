import { describe } from 'vitest';
import { appendContract } from './event-store-contract/appends.ts';
import { asOfContract } from './event-store-contract/as-of.ts';
import { atomicCommitContract } from './event-store-contract/atomic-commits.ts';
import { claimContract } from './event-store-contract/claims.ts';
import { closingContract } from './event-store-contract/closing.ts';
import { limitContract } from './event-store-contract/limits.ts';
import { logReadContract } from './event-store-contract/log-reads.ts';
import { modelContract } from './event-store-contract/model.ts';
import { orderContract } from './event-store-contract/order.ts';
import { repeatContract } from './event-store-contract/repeats.ts';
import { streamReadContract } from './event-store-contract/stream-reads.ts';
import { subscriptionContract } from './event-store-contract/subscriptions.ts';
import { type EventStoreSubject, shareStore } from './event-store-harness.ts';

/**
 * The definition of the event store port: every engine passes all of it.
 *
 * @example
 * eventStoreContract({
 *   name: 'the memory engine',
 *   open: async () => {
 *     const store = createMemoryEventStore();
 *     return { store, close: () => store.close() };
 *   },
 * });
 */
export function eventStoreContract(subject: EventStoreSubject): void {
  describe(`${subject.name} keeps the contract of event stores`, () => {
    const shared = shareStore(subject);
    describe('appends', () => appendContract(shared));
    describe('the identical commit again', () => repeatContract(shared));
    describe('claims', () => claimContract(shared));
    describe('commits over several streams', () => atomicCommitContract(shared));
    describe('a model', () => modelContract(shared));
    describe('limits', () => limitContract(shared));
    describe('order', () => orderContract(shared));
    describe('times', () => asOfContract(shared));
    // From here on the log grows to tens of thousands of events, which each later test reads through.
    describe('reading the log', () => logReadContract(shared));
    describe('subscriptions', () => subscriptionContract(shared));
    describe('reading a stream', () => streamReadContract(shared));
    describe('closing', () => closingContract(subject));
  });
}
