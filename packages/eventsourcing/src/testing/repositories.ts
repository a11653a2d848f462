import { randomUUID } from 'node:crypto';
import type { EventStore } from '../event-store/event-store.ts';
import { createMemoryEventStore, type MemoryEventStoreOptions } from '../event-store/memory-event-store.ts';
import { createMemoryKeyStore } from '../personal-data/memory-key-store.ts';
import { createVault } from '../personal-data/vault.ts';
import type { CommandContext } from '../repository/command.ts';
import { createRepository, type RepositoryOptions } from '../repository/repository.ts';
import { eventsOf } from './event-store-harness.ts';
import { type FaultyEventStore, withFaults } from './faulty-event-store.ts';

export const vault = await createVault({ keys: createMemoryKeyStore(), masterKey: new Uint8Array(32) });

export function context(
  wanted: Partial<CommandContext> & { key?: string; hash?: string } = {},
): CommandContext {
  const { key, hash = 'same request', ...rest } = wanted;
  const commandId = randomUUID();
  const idempotency =
    key === undefined ? undefined : { claim: `idempotency/somebody/${key}`, requestHash: hash };
  return {
    commandId,
    correlationId: commandId,
    causationId: commandId,
    actor: 'somebody',
    idempotency,
    ...rest,
  };
}

/** The next appends of the store wait until the returned function is called. */
export function hold(store: FaultyEventStore, appends = 1): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  store.failAppends(...Array.from({ length: appends }, () => ({ kind: 'delayed', until: promise }) as const));
  return resolve;
}

export const FULL = { kind: 'refused', code: 'storage-full' } as const;
export const LOST_ANSWER = { kind: 'unknown', written: true } as const;
export const NEVER_ARRIVES = { kind: 'unknown', written: false } as const;
export const NOTHING_WRONG = { kind: 'delayed', until: Promise.resolve() } as const;

export const newStore = (options?: MemoryEventStoreOptions) => withFaults(createMemoryEventStore(options));

export const repositoryOn = (store: EventStore, options: Partial<RepositoryOptions> = {}) =>
  createRepository({ store, vault, ...options });

export const boxesOn = async (store: EventStore, id: string) =>
  (await eventsOf(store.readStream(`shelf-${id}`))).reduce(
    (sum, { data }) => sum + JSON.parse(data).boxes,
    0,
  );
