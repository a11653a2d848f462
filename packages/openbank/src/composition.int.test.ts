import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { composeBank } from './composition.ts';
import { type Environment, readConfig } from './config.ts';
import type { App } from './http/app.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-composition-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = (environment: Environment = {}) =>
  composeBank({
    projects: true,
    config: readConfig({ data: directory }, environment),
    log: pino({ level: 'silent' }),
    onLocked() {},
    onUnlocking() {},
    onIndexProgress() {},
  });

const ALICE = {
  first_name: 'Alice',
  last_name: 'Smith',
  date_of_birth: '1990-05-15',
  nationality: 'US',
  gender: 'FEMALE',
};

/** Opens the bank, does something with it, and closes it. */
async function withBank<Result>(
  environment: Environment,
  use: (send: ReturnType<typeof sender>) => Promise<Result>,
): Promise<Result> {
  const { app, close } = await open(environment);
  try {
    return await use(sender(app));
  } finally {
    await app.close();
    await close();
  }
}

function sender(app: App) {
  return async (url: string, payload?: object) => {
    const method = payload === undefined ? 'GET' : 'POST';
    const path = url.startsWith('/metrics') ? url : `/api/v1${url}`;
    const headers = { host: 'localhost' };
    const answer = await app.inject({ method, url: path, headers, ...(payload && { payload }) });
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    return answer;
  };
}

async function openAccount(send: ReturnType<typeof sender>): Promise<string> {
  const owner_id = (await send('/persons', ALICE)).json().id;
  return (await send('/accounts', { owner_id })).json().id;
}

function removeFiles(name: string): void {
  for (const file of readdirSync(directory)) if (file.startsWith(name)) rmSync(join(directory, file));
}

it('is refused where there are events and no keys: new ones would open nothing', async () => {
  await withBank({}, (send) => send('/persons', ALICE));
  removeFiles('keys.db');
  await expect(open()).rejects.toMatchObject({
    code: 'key-missing',
    message: expect.stringContaining('backup'),
  });
  await expect(open()).rejects.toMatchObject({ code: 'key-missing' });
});

const EVERY_TENTH = { OPENBANK_SNAPSHOT_EVERY: '10' };

it('goes on from snapshots after a restart, and without them is the same bank', async () => {
  const account = await withBank(EVERY_TENTH, async (send) => {
    const id = await openAccount(send);
    for (let at = 0; at < 25; at++)
      await send(`/accounts/${id}/deposit`, { amount: '1.00', description: null });
    return id;
  });
  const deposit = (expected: string, loads: string) =>
    withBank(EVERY_TENTH, async (send) => {
      const { balance } = (
        await send(`/accounts/${account}/deposit`, { amount: '1.00', description: null })
      ).json();
      expect(balance).toBe(expected);
      expect((await send('/metrics')).body).toContain(`openbank_loads_total{from="${loads}"} 1`);
    });
  await deposit('26.00', 'snapshot');
  removeFiles('snapshots.db');
  await deposit('27.00', 'start');
  await deposit('28.00', 'snapshot');
});

it('is refused where the log ends before what a snapshot remembers', async () => {
  const account = await withBank(EVERY_TENTH, openAccount);
  copyFileSync(join(directory, 'log.db'), join(directory, 'older'));
  await withBank(EVERY_TENTH, async (send) => {
    for (let at = 0; at < 12; at++)
      await send(`/accounts/${account}/deposit`, { amount: '1.00', description: null });
  });
  for (const name of ['log.db', 'head', 'index.db', 'read-models.db']) removeFiles(name);
  copyFileSync(join(directory, 'older'), join(directory, 'log.db'));
  await expect(open()).rejects.toMatchObject({
    code: 'store-damaged',
    message: expect.stringMatching(/log.db ends at position 3, but snapshots.db remembers/),
  });
});
