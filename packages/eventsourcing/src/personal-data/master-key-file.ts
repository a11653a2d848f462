import { randomBytes, randomUUID } from 'node:crypto';
import { link, open, readFile, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EventSourcingError } from '../errors.ts';
import { KEY_BYTES } from './key-wrapping.ts';

export interface MasterKeySource {
  /** The key itself, from the environment: hex or base64 of 32 bytes. Comes before the file. */
  readonly env?: string | undefined;
  /** Path of the file that holds it as text; its folder exists. */
  readonly file: string;
  /** Whether anything is stored under a master key already (`KeyStore.isEmpty`): then none is made. */
  readonly keysExist: boolean;
}

/**
 * The master key, 32 bytes. The very first start makes one and keeps it in the file, readable by its owner only.
 *
 * @throws EventSourcingError `master-key-missing` - there are keys, but not the master key that opens them
 * @throws EventSourcingError `master-key-wrong` - what is there is not 32 bytes in hex or base64
 */
export async function loadMasterKey({ env, file, keysExist }: MasterKeySource): Promise<Uint8Array> {
  if (env !== undefined) return parse(env, 'in the environment');
  const text = await readIfThere(file);
  if (text !== undefined) return parse(text, `in ${file}`);
  if (keysExist) throw missing(file);
  await makeKeyFile(file);
  return parse(await readFile(file, 'utf8'), `in ${file}`);
}

const HEX = /^[0-9a-f]{64}$/i;
const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/;

function parse(text: string, where: string): Uint8Array {
  const key = text.trim();
  if (HEX.test(key)) return Buffer.from(key, 'hex');
  if (BASE64.test(key)) return Buffer.from(key, 'base64');
  throw new EventSourcingError(
    'master-key-wrong',
    `The master key ${where} must be ${KEY_BYTES} bytes in hex or base64: put the right one there (a new one, for a new store: \`openssl rand -base64 ${KEY_BYTES}\`).`,
  );
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all: a crash leaves no half key, and of two starts at once the first one's key stays. */
async function makeKeyFile(file: string): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  await writeSynced(draft, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await unlink(draft);
  }
  await syncFolder(dirname(file));
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A new name in a folder is only durable once the folder itself is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function missing(file: string): EventSourcingError {
  return new EventSourcingError(
    'master-key-missing',
    `There are keys of personal data, but no master key at ${file}: put the master key back there, from your backup, or give it in the environment. Without it their personal data cannot be read.`,
  );
}
