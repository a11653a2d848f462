import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { EventSourcingError } from '../errors.ts';
import { decrypt, encrypt } from './aes-gcm.ts';

/** Length of a master key, of a data key and of a secret. */
export const KEY_BYTES = 32;

const VERSION = 1;
const MASTER_ID_BYTES = 4;
const HEADER_BYTES = 1 + MASTER_ID_BYTES;

/**
 * Keys as they are stored: encrypted by the master key and bound to their name. A wrapped key is a version byte, four
 * bytes that tell which master key it needs, and AES-256-GCM: a later master key can take over key by key.
 */
export interface KeyWrapping {
  wrap(name: string, key: Uint8Array): Buffer;
  /**
   * @throws EventSourcingError `master-key-wrong` - it needs another master key
   * @throws EventSourcingError `store-damaged` - it is not what was wrapped under this name
   */
  unwrap(name: string, wrapped: Uint8Array): Buffer;
}

/** @throws EventSourcingError `master-key-wrong` - the master key is not of 32 bytes */
export function createKeyWrapping(masterKey: Uint8Array): KeyWrapping {
  if (masterKey.length !== KEY_BYTES) {
    throw new EventSourcingError(
      'master-key-wrong',
      `A master key has ${KEY_BYTES} bytes, not ${masterKey.length}.`,
    );
  }
  const master = createSecretKey(masterKey);
  const header = Buffer.concat([Buffer.of(VERSION), masterId(master)]);

  return {
    wrap: (name, key) => Buffer.concat([header, encrypt(master, name, key)]),

    unwrap(name, wrapped) {
      checkHeader(name, Buffer.from(wrapped.subarray(0, HEADER_BYTES)), header);
      const key = decrypt(master, name, Buffer.from(wrapped.subarray(HEADER_BYTES)));
      if (key?.length !== KEY_BYTES) throw damaged(name);
      return key;
    },
  };
}

/** Says nothing about the master key, but differs from that of another one. */
function masterId(master: KeyObject): Buffer {
  return createHmac('sha256', master).update('id of this master key').digest().subarray(0, MASTER_ID_BYTES);
}

function checkHeader(name: string, actual: Buffer, expected: Buffer): void {
  if (actual.equals(expected)) return;
  if (actual.length < HEADER_BYTES) throw damaged(name);
  if (actual[0] !== VERSION) throw damaged(name, `it has version ${actual[0]}, which is unknown here`);
  throw new EventSourcingError(
    'master-key-wrong',
    `The key of ${name} was stored under another master key: start with the master key that belongs to these keys.`,
  );
}

function damaged(name: string, reason = 'it is not what was stored under this name'): EventSourcingError {
  return new EventSourcingError(
    'store-damaged',
    `The key of ${name} is damaged (${reason}): restore the keys from their backup.`,
  );
}
