import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BankShell, openBankShell } from '../../testing/bank-shell.ts';
import { EXIT } from '../exit-code.ts';

const UNKNOWN = {
  status: 'unknown',
  problem: { status: 503, code: 'outcome-unknown', detail: 'The store did not say.' },
};

/** In front of a bank: of the first item of each batch, which the bank has recorded, it tells nothing. */
const front = createServer((request, response) => {
  void forwarded(request).then(({ status, type, body }) => {
    response.writeHead(status, { 'Content-Type': type }).end(body);
  });
});

async function forwarded(request: IncomingMessage) {
  const { method = 'GET', url = '/', headers } = request;
  const sent = Buffer.concat(await request.toArray());
  const key = headers['idempotency-key'];
  const answer = await fetch(shell.url + url, {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(typeof key === 'string' && { 'Idempotency-Key': key }),
    },
    ...(method !== 'GET' && { body: sent }),
  });
  const body = await answer.text();
  const { status } = answer;
  const type = answer.headers.get('Content-Type') ?? '';
  return { status, type, body: url.startsWith('/api/v1/transactions/batch') ? doubtful(body) : body };
}

function doubtful(body: string): string {
  const { mode, items } = JSON.parse(body);
  return JSON.stringify({ mode, items: [{ index: 0, replayed: false, ...UNKNOWN }, ...items.slice(1)] });
}

function urlOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('It does not listen.');
  return `http://127.0.0.1:${address.port}`;
}

let shell: BankShell;
let folder: string;
let throughFront: readonly string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openbank-doubt-'));
  shell = await openBankShell();
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  throughFront = ['--url', urlOf(front)];
});
afterAll(async () => {
  front.closeAllConnections();
  await new Promise((resolve) => front.close(resolve));
  await shell.close();
  rmSync(folder, { recursive: true });
});

describe('a batch of whose items one is in doubt', () => {
  let path: string;
  let account_id: string;
  beforeAll(async () => {
    path = join(folder, 'payments.json');
    account_id = await shell.openAccount();
    const items = [
      { type: 'deposit', account_id, amount: '5' },
      { type: 'withdrawal', account_id, amount: '600' },
    ];
    writeFileSync(path, JSON.stringify({ mode: 'independent', items }));
  });

  it('ends with 4, and names the key under which a repeat finds out', async () => {
    const { code, out, err } = await shell.run('batch', path, ...throughFront);
    expect(code).toBe(EXIT.unknown);
    expect(out[1]).toMatch(/^ {3}0 {2}unknown .*outcome-unknown: The store did not say\.$/);
    expect(out[2]).toMatch(/^ {3}1 {2}refused .*insufficient-funds/);
    const [, key = ''] = /--key ([0-9a-f-]{36}):/.exec(err) ?? [];
    const again = await shell.run('batch', path, '--key', key);
    expect(again).toMatchObject({ code: EXIT.failed, err: '' });
    expect(again.out[1]).toMatch(/done before/);
    expect((await shell.run('account', 'show', account_id)).out).toContain('balance           5.00 USD');
  });

  it('says so to scripts too, which have the answer as it is', async () => {
    const { code, out, err } = await shell.run('batch', path, ...throughFront, '--key', 'mine', '--json');
    expect(code).toBe(EXIT.unknown);
    expect(JSON.parse(out.join('')).items[0]).toMatchObject(UNKNOWN);
    expect(err).toContain('--key mine:');
  });
});

it('a demo that was interrupted in doubt asks for itself again, without a key that it does not take', async () => {
  const broken = createServer((_request, response) => response.writeHead(502).end());
  await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
  const { code, err } = await shell.run('seed', '--persons', '1', '--url', urlOf(broken));
  await new Promise((resolve) => broken.close(resolve));
  expect(code).toBe(EXIT.unknown);
  expect(err).toContain('Give the same command again');
  expect(err).not.toContain('--key');
});

it('a demo with transactions in doubt says that they are tried again, and they are', async () => {
  const seed = ['seed', '--persons', '3', '--months', '0'];
  const { code, out } = await shell.run(...seed, ...throughFront);
  expect(code).toBe(EXIT.unknown);
  expect(out[1]).toBe(
    'Of 1 transactions nobody knows whether they were recorded. Given again, they are tried again, and done once.',
  );
  const again = await shell.run(...seed);
  expect(again).toMatchObject({ code: EXIT.ok });
  expect(again.out[0]).toContain('nothing was added');
});
