import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventSourcingError } from '@openbank/eventsourcing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../moving/bank-address.ts';
import { callsTo } from '../testing/calls.ts';
import { openFileBank } from '../testing/file-bank.ts';
import { type BankVerification, verifyBank } from './verify-bank.ts';

let root: string;
let template: string;
let data: string;
let healthy: Omit<BankVerification, 'elapsed'>;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'openbank-damage-'));
  template = join(root, 'template');
  data = join(root, 'copy');
  await makeBank();
  healthy = await verified(template);
  expect(healthy.findings).toEqual([]);
});
afterAll(() => rmSync(root, { recursive: true }));

async function makeBank(): Promise<void> {
  const { app, close } = await openFileBank({ data: template }, { OPENBANK_SNAPSHOT_EVERY: '3' });
  const { registerAlice, openAccount, deposit, post, get } = callsTo(app);
  const owner = await registerAlice();
  const [from_account_id, to_account_id] = [await openAccount(owner), await openAccount(owner)];
  let position = '';
  for (let at = 0; at < 12; at++) {
    await deposit(from_account_id, '10.00', { 'Idempotency-Key': `deposit-${at}` });
    const transfer = { from_account_id, to_account_id, amount: '7.00', description: 'Rent' };
    position = String((await post('/transactions/transfer', transfer)).headers['openbank-position']);
  }
  for (const list of ['/accounts', '/persons', '/trial-balance', `/accounts/${to_account_id}/transactions`])
    expect((await get(`${list}?min_position=${position}`)).statusCode).toBe(200);
  await close();
}

async function verified(directory: string): Promise<typeof healthy> {
  const options = { masterKey: undefined, personalData: true, onProgress() {} };
  const { elapsed: _, ...verification } = await verifyBank({ ...filesIn(directory), ...options });
  return verification;
}

/** A flipped bit in what no reader comes by, such as free space, changes nothing; else something is named. */
async function expectNamed(what: string): Promise<boolean> {
  const verification = await verified(data).catch((error: Error) => error);
  // Without a log there is nothing to compare anything with.
  if (verification instanceof EventSourcingError) {
    expect(verification, what).toMatchObject({
      code: 'store-damaged',
      message: expect.stringContaining('log.db'),
    });
    return true;
  }
  if (verification instanceof Error) throw verification;
  if (verification.findings.length > 0) return true;
  expect(inEffect(verification), what).toEqual(inEffect(healthy));
  return false;
}

/** A read model that is not filled, or at its start, is said to be. A snapshot that nobody finds is made again. */
function inEffect({ models, snapshots: _, ...history }: typeof healthy) {
  return {
    ...history,
    models: models.map((model, at) => (model.position === undefined ? healthy.models[at] : model)),
  };
}

const BITS_OF_FILES: readonly (readonly [file: string, places: number])[] = [
  ['log.db', 150],
  ['index.db', 40],
  ['keys.db', 60],
  ['read-models.db', 60],
  ['snapshots.db', 40],
];

describe('verifying a damaged bank', () => {
  it.each(BITS_OF_FILES)(
    'names whatever a flipped bit has changed in %s, wherever it is',
    async (file, places) => {
      cpSync(template, data, { recursive: true });
      const whole = readFileSync(join(template, file));
      let named = 0;
      for (let place = 0; place < places; place++) {
        const offset = Math.floor(((place + 0.37) * whole.length) / places);
        const flipped = Buffer.from(whole);
        flipped.writeUInt8(flipped.readUInt8(offset) ^ (1 << (place % 8)), offset);
        writeFileSync(join(data, file), flipped);
        if (await expectNamed(`byte ${offset} of ${file}`)) named++;
      }
      expect(named).toBeGreaterThan(0);
      rmSync(data, { recursive: true });
    },
  );

  it('names a log that is cut, at whatever length', async () => {
    cpSync(template, data, { recursive: true });
    const { length } = readFileSync(join(template, 'log.db'));
    for (const part of [0.05, 0.3, 0.5, 0.8, 0.99]) {
      cpSync(join(template, 'log.db'), join(data, 'log.db'));
      truncateSync(join(data, 'log.db'), Math.floor(length * part));
      expect(await expectNamed(`${part} of log.db`)).toBe(true);
    }
    rmSync(data, { recursive: true });
  });
});
