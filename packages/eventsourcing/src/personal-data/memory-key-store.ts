import { isToBeKept } from './key-entries.ts';
import type { KeyEntry, KeyStore } from './key-store.ts';

/** A `KeyStore` that lives as long as its process: for tests, and to try things out. */
export function createMemoryKeyStore(): KeyStore {
  const keys = new Map<string, Uint8Array | 'destroyed'>();
  const secrets = new Map<string, Uint8Array>();

  return {
    key: async (subject) => copy(keys.get(subject)),
    addKey: async (subject, wrapped) => copy(addOnce(keys, subject, wrapped)),
    addSecret: async (name, wrapped) => Uint8Array.from(addOnce(secrets, name, wrapped)),
    isEmpty: async () => keys.size === 0 && secrets.size === 0,
    close: async () => undefined,

    async destroyKey(subject) {
      destroy(keys, subject);
    },
    async *entries() {
      for (const [name, wrapped] of keys) yield [{ kind: 'key', name, wrapped: copy(wrapped) }];
      for (const [name, wrapped] of secrets) yield [{ kind: 'secret', name, wrapped: copy(wrapped) }];
    },
    async addEntries(entries) {
      const of = (kind: KeyEntry['kind']) => (kind === 'key' ? keys : secrets);
      const added = entries.filter((entry) => isToBeKept(entry, of(entry.kind).get(entry.name)));
      for (const { kind, name, wrapped } of added) {
        if (wrapped === 'destroyed') destroy(keys, name);
        else addOnce<Uint8Array | 'destroyed'>(of(kind), name, wrapped);
      }
    },
  };
}

function destroy(keys: Map<string, Uint8Array | 'destroyed'>, subject: string): void {
  const key = keys.get(subject);
  if (key instanceof Uint8Array) key.fill(0);
  keys.set(subject, 'destroyed');
}

function addOnce<Kept>(
  all: Map<string, Kept | Uint8Array>,
  name: string,
  bytes: Uint8Array,
): Kept | Uint8Array {
  const kept = all.get(name) ?? Uint8Array.from(bytes);
  all.set(name, kept);
  return kept;
}

function copy<Other>(bytes: Uint8Array | Other): Uint8Array | Other {
  return bytes instanceof Uint8Array ? Uint8Array.from(bytes) : bytes;
}
