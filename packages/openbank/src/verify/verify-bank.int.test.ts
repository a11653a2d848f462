import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { filesIn } from '../moving/bank-address.ts';
import { type Calls, callsTo } from '../testing/calls.ts';
import { openFileBank } from '../testing/file-bank.ts';
import { reportLines } from './report.ts';
import { type BankVerification, verifyBank } from './verify-bank.ts';

let root: string;
let template: string;
let data: string;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'openbank-verify-'));
  template = join(root, 'template');
  await withBank(template, moveMoney);
});
afterAll(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  data = join(root, 'copy');
  rmSync(data, { recursive: true, force: true });
  cpSync(template, data, { recursive: true });
});

async function withBank(directory: string, use: (calls: Calls) => Promise<void>): Promise<void> {
  const { app, close } = await openFileBank({ data: directory }, { OPENBANK_SNAPSHOT_EVERY: '3' });
  try {
    await use(callsTo(app));
    await untilCaughtUp(callsTo(app));
  } finally {
    await close();
  }
}

async function moveMoney({ registerAlice, openAccount, deposit, post }: Calls): Promise<void> {
  const alice = await registerAlice();
  const bob = await registerAlice();
  const [one, other, euros] = [
    await openAccount(alice, { overdraft_limit: '50.00' }),
    await openAccount(bob),
    await openAccount(bob, { currency: 'EUR' }),
  ];
  for (let at = 0; at < 8; at++) {
    await deposit(one, '10.00', { 'Idempotency-Key': `deposit-${at}` });
    await deposit(euros, '0.01');
  }
  const transfer = { from_account_id: one, to_account_id: other, amount: '100.00', description: 'Rent' };
  expect((await post('/transactions/transfer', transfer)).statusCode).toBe(200);
  const withdrawal = { account_id: other, amount: '30.00', description: 'Cash' };
  expect((await post('/transactions/withdrawal', withdrawal)).statusCode).toBe(200);
}

async function untilCaughtUp({ get }: Calls): Promise<void> {
  for (let left = 200; left > 0; left--) {
    const answer = await get('/accounts');
    if (answer.statusCode === 200) break;
    await sleep(20);
  }
  await sleep(300);
}

function verified(wanted: Partial<Parameters<typeof verifyBank>[0]> = {}): Promise<BankVerification> {
  return verifyBank({
    ...filesIn(data),
    masterKey: undefined,
    personalData: true,
    onProgress() {},
    ...wanted,
  });
}

async function kinds(): Promise<readonly string[]> {
  return (await verified()).findings.map(({ kind }) => kind);
}

function change(file: string, sql: string, ...values: (string | number)[]): void {
  const database = new DatabaseSync(join(data, file));
  expect(database.prepare(sql).run(...values).changes, sql).toBeGreaterThan(0);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

/** Changes an event as somebody would who knows of checksums: only the chain tells. */
function forge(position: number, sql: string): void {
  change('log.db', `UPDATE events SET ${sql} WHERE position = ?`, position);
  const database = new DatabaseSync(join(data, 'log.db'));
  const row = database.prepare('SELECT * FROM events WHERE position = ?').get(position);
  const { crc: _, ...columns } = row ?? {};
  database
    .prepare('UPDATE events SET crc = ? WHERE position = ?')
    .run(crc32(Object.values(columns).join('\n').replaceAll('\n\n', '\nnull\n')), position);
  database.close();
}

const aDeposit =
  'SELECT position FROM events WHERE data LIKE \'%"DEPOSIT"%\' ORDER BY position LIMIT 1 OFFSET 2';

function logValue(sql: string): unknown {
  const database = new DatabaseSync(join(data, 'log.db'), { readOnly: true });
  const row = database.prepare(sql).get();
  database.close();
  return Object.values(row ?? {})[0];
}

function positionOf(sql: string): number {
  return Number(logValue(sql));
}

describe('a bank that nobody has touched', () => {
  it('is verified, with everything that it holds', async () => {
    const { findings, ...verification } = await verified();
    expect(findings).toEqual([]);
    expect(verification).toMatchObject({
      events: 27,
      streams: 5,
      accounts: 3,
      claims: 8,
      personalData: { readable: 21, erased: 0 },
      index: { state: 'compared', entries: 27, claims: 8 },
      totals: [
        { currency: 'EUR', accounts: { customers: '0.08', cash: '-0.08' }, sum: '0.00' },
        {
          currency: 'USD',
          accounts: { customers: '50.00', cash: '-50.00', transfers: '0.00' },
          sum: '0.00',
        },
      ],
    });
    expect(verification.models.map(({ name, documents, position }) => [name, documents, position])).toEqual([
      ['accounts', 3, verification.position],
      ['persons', 2, verification.position],
      ['statement_lines', 19, verification.position],
      ['transactions', 18, verification.position],
      ['trial_balance', 5, verification.position],
    ]);
  });

  it('has the digest of its copy, and another one after another event', async () => {
    const before = await verified();
    expect((await verified({ data: template })).digest).toBe(before.digest);
    await withBank(data, async ({ registerAlice }) => void (await registerAlice()));
    const after = await verified();
    expect(after.findings).toEqual([]);
    expect(after.digest).not.toBe(before.digest);
  });

  it('is verified without its derived files, which the next start makes again', async () => {
    for (const file of ['index.db', 'read-models.db', 'snapshots.db', 'head']) {
      for (const end of ['', '-wal', '-shm']) rmSync(join(data, file + end), { force: true });
    }
    const { findings, index, models } = await verified();
    expect(findings).toEqual([]);
    expect(index).toEqual({ state: 'missing' });
    expect(models.map(({ version }) => version)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('whose read model is behind is said to be behind, not wrong', async () => {
    const older = join(root, 'older');
    cpSync(data, older, { recursive: true });
    await withBank(data, async ({ registerAlice }) => void (await registerAlice()));
    for (const end of ['', '-wal', '-shm']) {
      rmSync(join(data, `read-models.db${end}`), { force: true });
    }
    cpSync(join(older, 'read-models.db'), join(data, 'read-models.db'));
    const { findings, models, position } = await verified();
    expect(findings).toEqual([]);
    expect(models.every((model) => model.position !== undefined && model.position < String(position))).toBe(
      true,
    );
  });
});

const canMount = process.getuid?.() === 0 || process.env.OPENBANK_REQUIRE === 'all';

describe.runIf(canMount)('a copy on a disk that cannot be written to', () => {
  it.each([
    ['of a bank that was stopped', ['-wal', '-shm']],
    ['of a bank that was killed, with all its files', []],
  ])('is verified: %s', async (_, without) => {
    const running = new DatabaseSync(join(data, 'read-models.db'));
    running.exec('PRAGMA wal_autocheckpoint = 0');
    // Something in a write-ahead log, as a killed bank leaves it.
    running.exec('UPDATE accounts_v2 SET balance = balance');
    const copy = join(root, 'read-only');
    mkdirSync(copy);
    spawnSync('mount', ['-t', 'tmpfs', 'none', copy]);
    try {
      cpSync(data, copy, { recursive: true });
      running.close();
      for (const name of without.length > 0 ? readdirSync(copy) : []) {
        if (without.some((end) => name.endsWith(end))) rmSync(join(copy, name));
      }
      expect(spawnSync('mount', ['-o', 'remount,ro', copy]).status).toBe(0);
      const { findings, events, models } = await verified({ data: copy });
      expect(findings).toEqual([]);
      expect(events).toBe(27);
      expect(models.map(({ version }) => version)).toEqual([2, 1, 2, 2, 1]);
    } finally {
      spawnSync('umount', [copy]);
      rmSync(copy, { recursive: true });
    }
  });
});

describe('in the log', () => {
  it('a flipped bit is named with its position', async () => {
    const id = logValue(
      `SELECT json_extract(data, '$.transaction.id') FROM events WHERE position = (${aDeposit})`,
    );
    const bytes = readFileSync(join(data, 'log.db'));
    // Where a page of the file was split, it can hold a copy that nobody reads any more.
    for (let at = bytes.indexOf(String(id)); at >= 0; at = bytes.indexOf(String(id), at + 1)) {
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    }
    writeFileSync(join(data, 'log.db'), bytes);
    const { findings } = await verified();
    expect(findings.find(({ kind }) => kind === 'event-damaged')).toMatchObject({
      place: expect.stringMatching(/^bank-account-[0-9a-f]{32}@\d+, position \d{16}$/),
      count: 1,
    });
  });

  it('an edit with a right checksum is named by the chain and by the books', async () => {
    const position = positionOf(aDeposit);
    forge(position, `data = replace(data, '"10.00"', '"11.00"')`);
    const { findings } = await verified();
    const found = findings.map(({ kind }) => kind);
    expect(found).toContain('chain-broken');
    expect(found).not.toContain('event-damaged');
    expect(findings.find(({ kind }) => kind === 'chain-broken')?.place).toContain(String(position));
  });

  it('a missing event is named, and so is what follows from it', async () => {
    change('log.db', 'DELETE FROM events WHERE position = ?', positionOf(aDeposit));
    const found = await kinds();
    expect(found).toEqual(
      expect.arrayContaining(['event-missing', 'revision-wrong', 'chain-broken', 'balance-wrong']),
    );
  });

  it('half a transfer is named', async () => {
    const leg = positionOf(`SELECT max(position) FROM events WHERE data LIKE '%"TRANSFER"%'`);
    change('log.db', 'DELETE FROM events WHERE position = ?', leg);
    const found = await kinds();
    expect(found).toEqual(expect.arrayContaining(['commit-torn', 'transfer-torn', 'transfers-not-zero']));
  });

  it('a lost end is named by whatever remembers more', async () => {
    const last = positionOf('SELECT max(position) FROM events');
    change('log.db', 'DELETE FROM events WHERE position = ?', last);
    expect(await kinds()).toEqual(
      expect.arrayContaining([
        'head-ahead',
        'index-ahead',
        'read-model-ahead:accounts',
        'read-model-ahead:trial_balance',
      ]),
    );
  });

  it('a claim that is gone or points elsewhere is named', async () => {
    const claimed = positionOf('SELECT min(position) FROM events WHERE claims IS NOT NULL');
    forge(claimed, `claims = replace(claims, '"last":', '"last":9')`);
    expect(await kinds()).toEqual(['claim-wrong']);
    forge(claimed, 'claims = NULL');
    expect(await kinds()).toEqual(['index-claim-extra']);
  });

  it('metadata that is no JSON is named', async () => {
    forge(positionOf(aDeposit), "metadata = 'x'");
    expect(await kinds()).toContain('event-damaged');
  });

  it('an event type that nobody knows is named', async () => {
    forge(positionOf(aDeposit), `type = 'Surprise'`);
    expect(await kinds()).toEqual(expect.arrayContaining(['unknown-event-type', 'chain-broken']));
  });

  it('another event at the remembered head is named', async () => {
    const last = positionOf('SELECT max(position) FROM events');
    forge(last, `link = '${'a'.repeat(64)}'`);
    expect(await kinds()).toEqual(expect.arrayContaining(['chain-broken', 'head-wrong']));
  });
});

describe('in the keys', () => {
  it('a key that is missing without its mark is named, an erased one is counted', async () => {
    const aKey = "(SELECT min(name) FROM keys WHERE kind = 'key')";
    change('keys.db', `UPDATE keys SET wrapped = NULL WHERE kind = 'key' AND name = ${aKey}`);
    const erased = await verified();
    expect(erased.findings).toEqual([]);
    expect(erased.personalData?.erased).toBeGreaterThan(0);
    change('keys.db', `DELETE FROM keys WHERE kind = 'key' AND name = ${aKey}`);
    expect(await kinds()).toEqual(['key-missing']);
  });

  it('what does not open is named', async () => {
    forge(1, `data = replace(data, '"cipher":"', '"cipher":"AAAA')`);
    expect(await kinds()).toContain('personal-data-damaged');
  });

  it('another master key is said, and all the rest is looked at', async () => {
    const { findings, events } = await verified({ masterKey: '00'.repeat(32) });
    expect(findings.map(({ kind }) => kind)).toEqual(['keys-unusable']);
    expect(events).toBe(27);
    expect((await verified({ masterKey: '00'.repeat(32), personalData: false })).findings).toEqual([]);
  });
});

describe('in the index', () => {
  it.each([
    ['an event that is gone', 'DELETE FROM entries WHERE position = 9', 'index-entry-missing'],
    [
      'an event that leads elsewhere',
      'UPDATE entries SET position = 12 WHERE position = 9',
      'index-entry-wrong',
    ],
    ['an event that there is not', 'INSERT INTO entries VALUES (0, 1, 99, 9)', 'index-entry-extra'],
    ['a stream of another name', "UPDATE streams SET name = 'elsewhere' WHERE id = 1", 'index-entry-missing'],
    [
      'a claim that is gone',
      'DELETE FROM claims WHERE hash = (SELECT min(hash) FROM claims)',
      'index-claim-missing',
    ],
    ['a claim that there is not', 'INSERT INTO claims VALUES (0, 1, 9)', 'index-claim-extra'],
    ['a run that is not listed', 'DELETE FROM runs', 'index-run-missing'],
    ['an event in another run', 'UPDATE entries SET run = 7 WHERE position = 9', 'index-run-wrong'],
    ['another digest', 'UPDATE reached SET digest = digest + 1', 'index-digest-wrong'],
    ['more events than there are', 'UPDATE reached SET position = 99', 'index-ahead'],
  ])('%s is named', async (_, sql, kind) => {
    change('index.db', sql);
    expect(await kinds()).toContain(kind);
  });

  it('that is no database is named', async () => {
    writeFileSync(join(data, 'index.db'), 'x'.repeat(5_000));
    expect(await kinds()).toEqual(['index-damaged']);
  });
});

describe('in the snapshots', () => {
  it.each([
    ['another state', `UPDATE snapshots SET state = replace(state, '"balance":"', '"balance":"1')`],
    ['another event', "UPDATE snapshots SET link = 'other'"],
    ['a revision that there is not', 'UPDATE snapshots SET revision = revision + 1000'],
  ])('%s is named', async (_, sql) => {
    expect((await verified()).snapshots?.compared).toBeGreaterThan(3);
    change('snapshots.db', sql);
    expect(await kinds()).toEqual(['snapshot-wrong']);
  });

  it('events that the log does not hold are named', async () => {
    const ahead = '0000000000990001';
    change('snapshots.db', 'UPDATE reached SET position = ?, crc = ?', ahead, crc32(ahead));
    expect(await kinds()).toEqual(['snapshots-ahead']);
  });

  it('a file that is no database is named', async () => {
    writeFileSync(join(data, 'snapshots.db'), 'x'.repeat(5_000));
    expect(await kinds()).toEqual(['snapshots-damaged']);
  });
});

describe('in the read models', () => {
  const one = (table: string) => `(SELECT max(id) FROM ${table})`;

  it.each([
    ['another balance', 'UPDATE accounts_v2 SET balance = balance + 1', 'document-wrong:accounts'],
    ['another text', "UPDATE persons_v1 SET personal = '{}'", 'document-wrong:persons'],
    ['another revision', 'UPDATE accounts_v2 SET revision = revision + 5', 'document-wrong:accounts'],
    [
      'an account that is behind',
      'UPDATE accounts_v2 SET revision = revision - 1',
      'document-wrong:accounts',
    ],
    [
      'a person that is gone',
      `DELETE FROM persons_v1 WHERE id = ${one('persons_v1')}`,
      'document-missing:persons',
    ],
    [
      'a line that is gone',
      `DELETE FROM statement_lines_v2 WHERE id = ${one('statement_lines_v2')}`,
      'document-missing:statement_lines',
    ],
    [
      'a transaction that is marked as deleted',
      `UPDATE transactions_v2 SET deleted = 1 WHERE id = ${one('transactions_v2')}`,
      'document-missing:transactions',
    ],
    [
      'a person who is not registered',
      "INSERT INTO persons_v1 (id, revision, deleted) VALUES ('somebody', 0, 0)",
      'document-extra:persons',
    ],
    [
      'another total',
      "UPDATE trial_balance_v1 SET balance = balance + 1 WHERE account = 'cash'",
      'document-wrong:trial_balance',
    ],
    [
      'a total that is gone',
      "DELETE FROM trial_balance_v1 WHERE account = 'transfers'",
      'document-missing:trial_balance',
    ],
    [
      'a total of nothing',
      "INSERT INTO trial_balance_v1 (id, revision, deleted) VALUES ('XXX/cash', 1, 0)",
      'document-extra:trial_balance',
    ],
    [
      'a checkpoint beyond the log',
      "UPDATE checkpoints SET position = '0000000000000099' WHERE model = 'accounts'",
      'read-model-ahead:accounts',
    ],
    [
      'a checkpoint before what it shows',
      "UPDATE checkpoints SET position = '0000000000000012' WHERE model = 'accounts'",
      'document-ahead:accounts',
    ],
    [
      'a checkpoint of totals before what they show',
      "UPDATE checkpoints SET position = '0000000000000012' WHERE model = 'trial_balance'",
      'document-wrong:trial_balance',
    ],
  ])('%s is named', async (_, sql, kind) => {
    change('read-models.db', sql);
    expect(await kinds()).toContain(kind);
  });

  it('a checkpoint that is no position is named as unreadable', async () => {
    change('read-models.db', "UPDATE checkpoints SET position = 'abc' WHERE model = 'accounts'");
    expect(await kinds()).toEqual(['read-model-unreadable:accounts']);
  });

  it('a version that is not live and has folded more than the log holds is named', async () => {
    change('read-models.db', "INSERT INTO checkpoints VALUES ('accounts', 9, '0000000000990000', 0)");
    expect(await kinds()).toEqual(['read-model-ahead']);
  });

  it('a live version without its table is named', async () => {
    const database = new DatabaseSync(join(data, 'read-models.db'));
    database.exec('DROP TABLE transactions_v2');
    database.close();
    const { findings, models } = await verified();
    expect(findings).toMatchObject([
      { kind: 'read-model-unreadable:transactions', what: expect.stringContaining('its table is gone') },
    ]);
    expect(models.find(({ name }) => name === 'transactions')?.state).toBe('unreadable');
  });

  it.each([
    ['accounts', 2],
    ['statement_lines', 2],
    ['trial_balance', 1],
  ])(
    'a version of %s that is switched and dropped while it is read is said to be replaced',
    async (name, version) => {
      let isDropped = false;
      const { findings, models } = await verified({
        onProgress() {
          if (isDropped) return;
          isDropped = true;
          const database = new DatabaseSync(join(data, 'read-models.db'));
          database.exec(`BEGIN IMMEDIATE; UPDATE live_versions SET version = ${version + 1} WHERE model = '${name}';
            ALTER TABLE ${name}_v${version} RENAME TO ${name}_v${version}_dropped;
            UPDATE checkpoints SET position = NULL WHERE model = '${name}' AND version = ${version}; COMMIT`);
          database.close();
        },
      });
      expect(findings).toEqual([]);
      expect(models.find((model) => model.name === name)?.state).toBe('replaced');
    },
  );

  it('of which no version is live are not looked at, and the report says so', async () => {
    change('read-models.db', 'DELETE FROM live_versions');
    const verification = await verified();
    expect(verification.findings).toEqual([]);
    expect(reportLines(data, verification).join('\n')).toContain(
      'accounts: not looked at: no version is live',
    );
  });

  it('names the first of a kind, says how many there are, and no text', async () => {
    change('read-models.db', 'UPDATE accounts_v2 SET balance = balance + 7, owner_id = owner_id || 1');
    const { findings } = await verified();
    expect(findings).toEqual([
      {
        kind: 'document-wrong:accounts',
        place: expect.stringMatching(/^accounts [0-9a-f]{32}$/),
        what: expect.stringMatching(/owner_id differs; balance is -?\d+, and -?\d+ in the replay/),
        count: 3,
      },
    ]);
  });

  it('goes on behind whatever is wrong', async () => {
    change('read-models.db', 'UPDATE accounts_v2 SET balance = 1');
    change('index.db', 'DELETE FROM entries WHERE position = 9');
    forge(positionOf(aDeposit), `data = replace(data, '"DEPOSIT"', '"WITHDRAWAL"')`);
    expect(await kinds()).toEqual(
      expect.arrayContaining([
        'chain-broken',
        'document-wrong:accounts',
        'document-wrong:transactions',
        'index-entry-missing',
      ]),
    );
  });
});
