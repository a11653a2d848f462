import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bankAccountAggregate, personAggregate } from '@openbank/bank';
import { openSqliteEventStore } from '@openbank/engine-sqlite';
import { decoderOf, type RecordedEvent } from '@openbank/eventsourcing';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { composeBank } from '../../composition.ts';
import { readConfig } from '../../config.ts';
import type { App } from '../../http/app.ts';
import { filesIn } from '../../moving/bank-address.ts';
import { verifyBank } from '../../verify/verify-bank.ts';

/** What a released version has left: `scripts/record-history.ts` makes such a folder. */
interface History {
  readonly position: string;
  readonly writes: readonly Call[];
  readonly reads: readonly Call[];
}

interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly status: number;
  readonly answer: object;
}

const versions = readdirSync(import.meta.dirname, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);

describe.each(versions)('the store that version %s has recorded', (version) => {
  const recorded = join(import.meta.dirname, version);
  const history: History = JSON.parse(readFileSync(join(recorded, 'answers.json'), 'utf8'));
  const masterKey = readFileSync(join(recorded, 'master-key-of-this-test-store.txt'), 'utf8').trim();
  let data: string;

  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'openbank-recorded-'));
    for (const file of ['log.db', 'keys.db']) copyFileSync(join(recorded, file), join(data, file));
  });
  afterEach(() => rmSync(data, { recursive: true }));

  async function withBank(use: (app: App) => Promise<void>): Promise<void> {
    const { app, close } = await composeBank({
      projects: true,
      config: readConfig({ data }, { OPENBANK_MASTER_KEY: masterKey }),
      log: pino({ level: 'silent' }),
      onLocked() {},
      onUnlocking() {},
      onIndexProgress() {},
    });
    try {
      await use(app);
    } finally {
      await app.close();
      await close();
    }
  }

  const verify = () => verifyBank({ ...filesIn(data), masterKey, personalData: true, onProgress() {} });

  async function assertAnswered(
    app: App,
    { method, path, headers, body, status, answer }: Call,
    replayed: boolean,
  ) {
    const response = await app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { 'openbank-min-position': history.position, ...headers },
      ...(body && { payload: body }),
    });
    expect(response.statusCode, response.body).toBe(status);
    // A later version may say more, never something else.
    expect(response.json(), `${method} ${path}`).toMatchObject(answer);
    expect(response.headers['idempotency-replayed']).toBe(replayed ? 'true' : undefined);
  }

  test('is answered from as it was then, reads and repeated writes', async () => {
    await withBank(async (app) => {
      for (const read of history.reads) await assertAnswered(app, read, false);
      for (const write of history.writes) await assertAnswered(app, write, true);
    });
  });

  test('holds with all its chains, books, keys and read models', async () => {
    await withBank((app) => assertAnswered(app, history.reads[0] ?? never(), false));
    const { findings, events, position } = await verify();
    expect(findings).toEqual([]);
    expect({ position, few: events < 50 }).toEqual({ position: history.position, few: false });
  });

  test('goes on: what is recorded now continues it', async () => {
    await withBank(async (app) => {
      const deposit = history.writes.find(({ path }) => path.endsWith('/deposit'))?.body ?? never();
      const response = await app.inject({
        method: 'POST',
        url: '/api/v1/transactions/deposit',
        payload: deposit,
      });
      expect(response.statusCode, response.body).toBe(200);
    });
    expect((await verify()).findings).toEqual([]);
  });
});

test('the newest recorded store holds an event of every type, in the form in which it is recorded today', async () => {
  const newest = versions
    .map(Number)
    .sort((a, b) => a - b)
    .at(-1);
  const data = mkdtempSync(join(tmpdir(), 'openbank-recorded-'));
  copyFileSync(join(import.meta.dirname, String(newest), 'log.db'), join(data, 'log.db'));
  const store = await openSqliteEventStore({ directory: data });
  const events: RecordedEvent[] = [];
  for await (const page of store.readAll()) events.push(...page.events);
  await store.close();
  rmSync(data, { recursive: true });
  for (const aggregate of [personAggregate, bankAccountAggregate]) {
    const decoder = decoderOf(aggregate);
    const forms = aggregate.eventTypes.map((type) => ({ type, schemaVersion: decoder.currentVersion(type) }));
    const advice = 'Record a new store with scripts/record-history.ts, and let it make the new events.';
    for (const form of forms) expect(events, advice).toContainEqual(expect.objectContaining(form));
  }
});

function never(): never {
  throw new Error('the recorded store has no such call');
}
