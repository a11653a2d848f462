import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { EventSourcingError } from '../errors.ts';
import type { Personal, Sealed } from '../event.ts';
import { createRecentCache } from '../recent-cache.ts';
import { decrypt, encrypt } from './aes-gcm.ts';
import type { KeyStore } from './key-store.ts';
import { createKeyWrapping, KEY_BYTES, type KeyWrapping } from './key-wrapping.ts';

/** What is left of personal data once its subject's key is destroyed. */
export const ERASED = 'erased';

/**
 * Seals and opens personal data: AES-256-GCM with a data key per subject, bound to subject and event id. Keys are kept
 * wrapped in a `KeyStore` and cached here in bounded number; for a cached key, sealing and opening are synchronous.
 */
export interface Vault {
  /**
   * Makes the subject's key, durable when it answers. Idempotent.
   *
   * @throws EventSourcingError `key-destroyed` - the subject was erased
   */
  createKey(subject: string): Promise<void>;
  /**
   * Brings the subject's key into the cache.
   *
   * @throws EventSourcingError `key-missing` - there is neither a key nor the marker of a destroyed one: a fault
   */
  loadKey(subject: string): Promise<void>;
  /** Whether `sealNow` and `openNow` can do without `loadKey`. */
  hasKey(subject: string): boolean;
  /**
   * @throws EventSourcingError `key-destroyed` - the subject was erased: nothing more may be recorded about it
   * @throws EventSourcingError `key-missing` - the key was not loaded before
   */
  sealNow(personal: Personal, eventId: string): Sealed;
  /**
   * The plain value, or `ERASED`.
   *
   * @throws EventSourcingError `store-damaged` - it was not sealed so, for this subject and event
   * @throws EventSourcingError `key-missing` - the key was not loaded before
   */
  openNow(sealed: Sealed): unknown;
  /** `loadKey` where needed, and `openNow`. */
  open(sealed: Sealed): Promise<unknown>;
  /** HMAC-SHA-256 in hex under a request key of the store's own, which is made once and never changes. */
  requestHash(text: string): string;
}

export interface VaultOptions {
  readonly keys: KeyStore;
  /** 32 bytes: see `loadMasterKey`. */
  readonly masterKey: Uint8Array;
  /** How many keys are kept in memory. More than all subjects of one commit. */
  readonly cacheSize?: number;
}

/**
 * Opens a vault, and makes its request key at the very first start.
 *
 * @throws EventSourcingError `master-key-wrong` - the keys are wrapped by another master key
 */
export async function createVault({ keys, masterKey, cacheSize = 100_000 }: VaultOptions): Promise<Vault> {
  const wrapping = createKeyWrapping(masterKey);
  const requestKey = await loadRequestKey(keys, wrapping);
  const cache = createRecentCache<CachedKey>(cacheSize);

  function remember(subject: string, stored: Uint8Array | 'destroyed'): void {
    cache.set(subject, stored === 'destroyed' ? stored : dataKey(wrapping, subject, stored));
  }

  function loaded(subject: string): CachedKey {
    const key = cache.get(subject);
    if (key === undefined) throw keyMissing(`The key of ${subject} is not loaded: load it first.`);
    return key;
  }

  async function loadKey(subject: string): Promise<void> {
    if (cache.get(subject) !== undefined) return;
    const stored = await keys.key(subject);
    if (stored === undefined)
      throw keyMissing(`There is no key of ${subject}: restore the keys from a backup.`);
    remember(subject, stored);
  }

  function openNow(sealed: Sealed): unknown {
    const key = loaded(sealed.subject);
    return key === 'destroyed' ? ERASED : opened(key, sealed);
  }

  return {
    loadKey,
    openNow,
    hasKey: (subject) => cache.get(subject) !== undefined,

    async createKey(subject) {
      if (cache.get(subject) === undefined) {
        const wrapped = wrapping.wrap(keyName(subject), randomBytes(KEY_BYTES));
        remember(subject, await keys.addKey(subject, wrapped));
      }
      if (cache.get(subject) === 'destroyed') throw keyDestroyed(subject);
    },

    sealNow({ subject, plain }, eventId) {
      const key = loaded(subject);
      if (key === 'destroyed') throw keyDestroyed(subject);
      const cipher = encrypt(key, boundTo(subject, eventId), JSON.stringify(plain));
      return { subject, event: eventId, cipher: cipher.toString('base64url') };
    },

    async open(sealed) {
      if (cache.get(sealed.subject) === undefined) await loadKey(sealed.subject);
      return openNow(sealed);
    },

    requestHash: (text) => createHmac('sha256', requestKey).update(text).digest('hex'),
  };
}

/** A subject's key, or that it is destroyed. About 0.5 KB each. */
type CachedKey = KeyObject | 'destroyed';

/** Keeps apart in the wrapping what is kept apart in the store: no secret can stand in for a subject's key. */
const keyName = (subject: string) => `subject ${subject}`;
const REQUEST_KEY = 'request-hash';
const REQUEST_KEY_NAME = `secret ${REQUEST_KEY}`;

const boundTo = (subject: string, eventId: string) => `${subject}\n${eventId}`;

async function loadRequestKey(keys: KeyStore, wrapping: KeyWrapping): Promise<KeyObject> {
  const wrapped = wrapping.wrap(REQUEST_KEY_NAME, randomBytes(KEY_BYTES));
  const kept = await keys.addSecret(REQUEST_KEY, wrapped);
  return createSecretKey(wrapping.unwrap(REQUEST_KEY_NAME, kept));
}

function dataKey(wrapping: KeyWrapping, subject: string, stored: Uint8Array): KeyObject {
  return createSecretKey(wrapping.unwrap(keyName(subject), stored));
}

function opened(key: KeyObject, { subject, event, cipher }: Sealed): unknown {
  const plain = decrypt(key, boundTo(subject, event), Buffer.from(cipher, 'base64url'));
  if (plain === undefined) {
    throw new EventSourcingError(
      'store-damaged',
      `The personal data of event ${event} is not what was sealed for ${subject}: restore the log and its keys from one backup.`,
    );
  }
  return JSON.parse(plain.toString());
}

function keyMissing(message: string): EventSourcingError {
  return new EventSourcingError('key-missing', message);
}

function keyDestroyed(subject: string): EventSourcingError {
  return new EventSourcingError(
    'key-destroyed',
    `${subject} was erased: nothing more can be recorded about it.`,
  );
}
