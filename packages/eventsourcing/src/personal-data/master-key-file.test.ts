import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadMasterKey } from './master-key-file.ts';

const key = randomBytes(32);
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'master-key-'));
  file = join(folder, 'master.key');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the first start', () => {
  test('makes a master key that only its owner can read', async () => {
    const made = await loadMasterKey({ file, keysExist: false });
    expect(made).toHaveLength(32);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['master.key']);
  });

  test('makes another one for each store', async () => {
    const other = await loadMasterKey({ file: join(folder, 'other.key'), keysExist: false });
    expect(await loadMasterKey({ file, keysExist: false })).not.toEqual(other);
  });

  test('writes no file where the key comes from the environment', async () => {
    await loadMasterKey({ env: key.toString('hex'), file, keysExist: false });
    expect(await readdir(folder)).toEqual([]);
  });

  test('of two at once makes one key', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => loadMasterKey({ file, keysExist: false })));
    expect(one).toEqual(two);
  });
});

describe('a later start', () => {
  test('reads the key that the first one made', async () => {
    const made = await loadMasterKey({ file, keysExist: false });
    expect(await loadMasterKey({ file, keysExist: true })).toEqual(made);
    expect(await loadMasterKey({ file, keysExist: false })).toEqual(made);
  });

  test('is refused where there are keys and no master key, and makes none', async () => {
    const start = loadMasterKey({ file, keysExist: true });
    await expect(start).rejects.toMatchObject({ code: 'master-key-missing' });
    await expect(start).rejects.toThrow(/master\.key.*(put|bring).*back/i);
    expect(await readdir(folder)).toEqual([]);
  });

  test('takes the key from the environment before the file', async () => {
    await loadMasterKey({ file, keysExist: false });
    expect(Buffer.from(await loadMasterKey({ env: key.toString('base64'), file, keysExist: true }))).toEqual(
      key,
    );
  });
});

describe('a key is read', () => {
  test.each([
    ['hex', key.toString('hex')],
    ['upper-case hex', key.toString('hex').toUpperCase()],
    ['base64', key.toString('base64')],
    ['base64url', key.toString('base64url')],
    ['base64 with spaces around it', ` ${key.toString('base64')}\r\n`],
  ])('from %s', async (_, text) => {
    expect(Buffer.from(await loadMasterKey({ env: text, file, keysExist: true }))).toEqual(key);
    await writeFile(file, text);
    expect(Buffer.from(await loadMasterKey({ file, keysExist: true }))).toEqual(key);
  });

  test.each([
    ['nothing', ''],
    ['a pass phrase', 'correct horse battery staple'],
    ['31 bytes of hex', randomBytes(31).toString('hex')],
    ['33 bytes of base64', randomBytes(33).toString('base64')],
    ['base64 with a foreign character', `${key.toString('base64').slice(0, 42)}$=`],
  ])('not from %s', async (_, text) => {
    const fromEnvironment = loadMasterKey({ env: text, file, keysExist: false });
    await expect(fromEnvironment).rejects.toMatchObject({ code: 'master-key-wrong' });
    await expect(fromEnvironment).rejects.toThrow(/environment.*32 bytes/);
    await writeFile(file, text);
    const fromFile = loadMasterKey({ file, keysExist: false });
    await expect(fromFile).rejects.toThrow(/master\.key.*32 bytes/);
    expect(await readFile(file, 'utf8')).toBe(text);
    if (text !== '') await expect(fromFile).rejects.not.toThrow(text);
  });

  test('not where the file cannot be read, and makes no other', async () => {
    // A folder in its place fails for root too, whom no permission keeps out.
    await mkdir(file);
    await expect(loadMasterKey({ file, keysExist: false })).rejects.toThrow(/EISDIR/);
  });
});
