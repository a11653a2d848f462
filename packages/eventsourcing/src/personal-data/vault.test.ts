import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { KeyStore } from './key-store.ts';
import { createKeyWrapping } from './key-wrapping.ts';
import { createMemoryKeyStore } from './memory-key-store.ts';
import { createVault, ERASED, type Vault } from './vault.ts';

const ALICE = '018f3a3b5e6d7c8b9a0b1c2d3e4f5a6b';
const BOB = '018f3a3b5e6d7c8b9a0b1c2d3e4f5a6c';
const EVENT = 'c1a4dbe3-3f0c-4b3a-8b0e-0b1f6d0e6a11';
const OTHER_EVENT = 'c1a4dbe3-3f0c-4b3a-8b0e-0b1f6d0e6a12';
const NAME = { first_name: 'Alice', address: { city: 'Zürich 漢' }, nothing: null };

describe('a vault', () => {
  const masterKey = randomBytes(32);
  let keys: KeyStore;
  let vault: Vault;

  beforeEach(async () => {
    keys = createMemoryKeyStore();
    vault = await createVault({ keys, masterKey });
    await vault.createKey(ALICE);
    await vault.createKey(BOB);
  });

  const reopened = () => createVault({ keys, masterKey });
  const sealed = (plain: unknown = NAME) => vault.sealNow({ subject: ALICE, plain }, EVENT);

  test('opens what it sealed', () => {
    expect(sealed()).toEqual({ subject: ALICE, event: EVENT, cipher: expect.any(String) });
    expect(vault.openNow(sealed())).toEqual(NAME);
  });

  test.each([null, '', 'text', 0, false, [1, 'two'], { deep: { list: [] } }, '漢'.repeat(10_000)])(
    'keeps the JSON value %j',
    (plain) => {
      expect(vault.openNow(sealed(plain))).toEqual(plain);
    },
  );

  test('writes base64url that shows nothing of what is in it', () => {
    expect(sealed('Alice').cipher).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(Buffer.from(sealed('Alice').cipher, 'base64url').includes('Alice')).toBe(false);
  });

  test('never seals the same value twice alike', () => {
    const ciphers = Array.from({ length: 3_000 }, () => sealed('x').cipher);
    expect(new Set(ciphers).size).toBe(ciphers.length);
  });

  test('opens after a restart what was sealed before', async () => {
    const restarted = await reopened();
    expect(restarted.hasKey(ALICE)).toBe(false);
    expect(await restarted.open(sealed())).toEqual(NAME);
    expect(restarted.hasKey(ALICE)).toBe(true);
  });

  test('keeps the first key of a subject when it is made again', async () => {
    const before = sealed();
    await vault.createKey(ALICE);
    const restarted = await reopened();
    await restarted.createKey(ALICE);
    expect(restarted.openNow(before)).toEqual(NAME);
  });

  test('agrees with another vault that makes the same key at the same moment', async () => {
    const other = await reopened();
    await Promise.all([vault.createKey('new'), other.createKey('new')]);
    const cipher = vault.sealNow({ subject: 'new', plain: 1 }, EVENT);
    expect(other.openNow(cipher)).toBe(1);
  });

  describe('what was tampered with', () => {
    const damaged = expect.objectContaining({ code: 'store-damaged' });

    test('does not open for another event', () => {
      expect(() => vault.openNow({ ...sealed(), event: OTHER_EVENT })).toThrow(damaged);
    });

    test('does not open for another subject', () => {
      expect(() => vault.openNow({ ...sealed(), subject: BOB })).toThrow(damaged);
    });

    test('does not open for another subject that has the same key', async () => {
      const { wrap } = createKeyWrapping(masterKey);
      const same = randomBytes(32);
      for (const twin of ['one', 'two']) {
        await keys.addKey(twin, wrap(`subject ${twin}`, same));
        await vault.loadKey(twin);
      }
      const cipher = vault.sealNow({ subject: 'one', plain: 1 }, EVENT);
      expect(vault.openNow(cipher)).toBe(1);
      expect(() => vault.openNow({ ...cipher, subject: 'two' })).toThrow(damaged);
    });

    test('does not open with one bit changed anywhere', () => {
      const bytes = Buffer.from(sealed('short').cipher, 'base64url');
      for (const [at, byte] of bytes.entries()) {
        const changed = Buffer.from(bytes).fill(byte ^ 1, at, at + 1);
        const cipher = changed.toString('base64url');
        expect(() => vault.openNow({ subject: ALICE, event: EVENT, cipher })).toThrow(damaged);
      }
    });

    test('does not open when it is cut at any length', () => {
      const { cipher } = sealed('short');
      for (let length = 0; length < cipher.length; length++) {
        expect(() => vault.openNow({ ...sealed(), cipher: cipher.slice(0, length) })).toThrow(damaged);
      }
    });

    test('is named by its subject and event, without its content', () => {
      const other = { ...sealed('secret'), event: OTHER_EVENT };
      expect(() => vault.openNow(other)).toThrow(new RegExp(`${OTHER_EVENT}.*${ALICE}`));
    });
  });

  describe('an erased subject', () => {
    beforeEach(async () => {
      await keys.destroyKey(ALICE);
    });

    test('opens as erased', async () => {
      expect(await (await reopened()).open(sealed())).toBe(ERASED);
    });

    test('can have nothing more sealed', async () => {
      const restarted = await reopened();
      await restarted.loadKey(ALICE);
      const seal = () => restarted.sealNow({ subject: ALICE, plain: 1 }, EVENT);
      expect(seal).toThrow(expect.objectContaining({ code: 'key-destroyed' }));
    });

    test('never gets a key again', async () => {
      const restarted = await reopened();
      await expect(restarted.createKey(ALICE)).rejects.toMatchObject({ code: 'key-destroyed' });
      await expect(restarted.createKey(ALICE)).rejects.toMatchObject({ code: 'key-destroyed' });
    });
  });

  describe('a subject without a key', () => {
    test('is a fault, and not taken for an erased one', async () => {
      await expect(vault.loadKey('nobody')).rejects.toMatchObject({ code: 'key-missing' });
      const lost = { ...sealed(), subject: 'nobody' };
      await expect(vault.open(lost)).rejects.toMatchObject({ code: 'key-missing' });
      expect(vault.hasKey('nobody')).toBe(false);
    });

    test('is refused by what needs its key at once', async () => {
      const restarted = await reopened();
      const missing = expect.objectContaining({ code: 'key-missing' });
      expect(() => restarted.openNow(sealed())).toThrow(missing);
      expect(() => restarted.sealNow({ subject: ALICE, plain: 1 }, EVENT)).toThrow(missing);
    });
  });

  test('holds a bounded number of keys, those last in use', async () => {
    const small = await createVault({ keys, masterKey, cacheSize: 10 });
    await small.createKey('in use');
    const others = Array.from({ length: 50 }, (_, at) => String(at));
    for (const subject of others) {
      await small.createKey(subject);
      small.sealNow({ subject: 'in use', plain: 1 }, EVENT);
    }
    expect(small.hasKey('in use')).toBe(true);
    expect(small.hasKey('49')).toBe(true);
    expect(others.filter(small.hasKey).length).toBeLessThan(10);
    await small.loadKey('0');
    expect(small.hasKey('0')).toBe(true);
  });

  describe('a wrong master key', () => {
    const wrong = { code: 'master-key-wrong' };

    test('is refused at the start', async () => {
      await expect(createVault({ keys, masterKey: randomBytes(32) })).rejects.toMatchObject(wrong);
    });

    test.each([0, 16, 31, 33, 64])('of %i bytes is refused', async (length) => {
      const options = { keys: createMemoryKeyStore(), masterKey: randomBytes(length) };
      await expect(createVault(options)).rejects.toMatchObject(wrong);
    });
  });

  test('does not accept the key of one subject in the place of another', async () => {
    const bobs = await keys.key(BOB);
    await keys.addKey('mallory', bobs instanceof Uint8Array ? bobs : Buffer.alloc(0));
    await expect(vault.loadKey('mallory')).rejects.toMatchObject({ code: 'store-damaged' });
  });

  test('keeps no key and no secret in the clear', async () => {
    const added: Uint8Array[] = [];
    const recording: KeyStore = {
      ...createMemoryKeyStore(),
      addKey: async (_, wrapped) => {
        added.push(wrapped);
        return wrapped;
      },
      addSecret: async (_, wrapped) => {
        added.push(wrapped);
        return wrapped;
      },
    };
    const second = await createVault({ keys: recording, masterKey });
    await second.createKey(ALICE);
    expect(added.map((wrapped) => wrapped.length)).toEqual([65, 65]);
  });

  describe('the request hash', () => {
    test('is the same after a restart', async () => {
      const hash = vault.requestHash('POST /accounts\n{}');
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect((await reopened()).requestHash('POST /accounts\n{}')).toBe(hash);
      expect(vault.requestHash('POST /accounts\n{ }')).not.toBe(hash);
    });

    test('differs between stores, even under the same master key', async () => {
      const other = await createVault({ keys: createMemoryKeyStore(), masterKey });
      expect(other.requestHash('x')).not.toBe(vault.requestHash('x'));
    });
  });
});
