import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ProgramDirectory, programDirectory } from '../../testing/program-directory.ts';
import { runCli } from '../../testing/run-cli.ts';

let directory: ProgramDirectory;
const openbank = (...args: readonly string[]) => runCli(args, { OPENBANK_DATA: directory.data });

beforeEach(() => {
  directory = programDirectory();
});
afterEach(async () => {
  await openbank('stop');
  directory.remove();
});

async function json(...args: readonly string[]): Promise<Record<string, string>> {
  const { code, out, err } = await openbank(...args, '--json');
  expect(code, err).toBe(0);
  return JSON.parse(out);
}

const ALICE = ['--first-name', 'Alice', '--last-name', 'Smith', '--date-of-birth', '1990-05-15'];
const opened = async (owner: string) => (await json('account', 'open', owner)).id ?? '';

it('a bank is used from the shell alone', async () => {
  const early = await openbank('account', 'list');
  expect(early).toMatchObject({ code: 3, err: expect.stringContaining('./openbank start') });
  expect(await openbank('start', '--port', '0')).toMatchObject({ code: 0 });

  const { id: alice = '' } = await json(
    'person',
    'register',
    ...ALICE,
    '--nationality',
    'US',
    '--gender',
    'FEMALE',
  );
  const [from, to] = [await opened(alice), await opened(alice)];
  await json('deposit', from, '1000.00', '--description', 'Initial deposit');
  const transfer = ['transfer', from, to, '250.00', '--key', 'rent-2026-09'];
  await json(...transfer);
  // At once, and again: each command is a process of its own.
  expect((await openbank('account', 'show', from)).out).toContain('balance           750.00 USD');
  expect((await openbank(...transfer)).out).toContain('Nothing new');
  const { out } = await openbank('account', 'statement', to);
  expect(out.trim().split('\n')).toHaveLength(2);
  expect(await openbank('withdraw', from, '750.01')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^openbank: The account has not enough/),
  });
  expect(await openbank('verify')).toMatchObject({ code: 0 });
});

it('a demo is made once, and its log is in order', async () => {
  await openbank('start', '--port', '0');
  const first = await openbank('seed', '--persons', '8', '--months', '2');
  expect(first).toMatchObject({ code: 0, out: expect.stringContaining('The demo is there: 8 persons') });
  const again = await openbank('seed', '--persons', '8', '--months', '2');
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining('nothing was added') });
  expect(await openbank('verify')).toMatchObject({ code: 0 });
});

it('the OpenAPI document is printed without a bank', async () => {
  const { code, out } = await openbank('openapi');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    openapi: expect.stringMatching(/^3\.1\./),
    info: { title: 'OpenBank' },
  });
});
