import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compose } from './composition.ts';
import { readConfig } from './config.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'openbank-composition-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = () =>
  compose({
    config: readConfig({ data: directory }, {}),
    log: pino({ level: 'silent' }),
    onLocked() {},
    onUnlocking() {},
    onIndexProgress() {},
  });

it('is refused where there are events and no keys: new ones would open nothing', async () => {
  const { app, close } = await open();
  const alice = {
    first_name: 'Alice',
    last_name: 'Smith',
    date_of_birth: '1990-05-15',
    nationality: 'US',
    gender: 'FEMALE',
  };
  const registered = await app.inject({
    method: 'POST',
    url: '/api/v1/persons',
    headers: { host: 'localhost' },
    payload: alice,
  });
  expect(registered.statusCode).toBe(201);
  await app.close();
  await close();
  for (const file of readdirSync(directory)) {
    if (file.startsWith('keys.db')) rmSync(join(directory, file));
  }
  await expect(open()).rejects.toMatchObject({
    code: 'key-missing',
    message: expect.stringContaining('backup'),
  });
  await expect(open()).rejects.toMatchObject({ code: 'key-missing' });
});
