import { spawnSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fillBank } from '../testing/filled-bank.ts';
import { type ProgramDirectory, programDirectory } from '../testing/program-directory.ts';
import { runCli, runCliKilled, runCliUnread } from '../testing/run-cli.ts';

let directory: ProgramDirectory;
let names = 0;
const main = fileURLToPath(new URL('../main.ts', import.meta.url));
const place = (name: string): string => join(dirname(directory.data), `${name}-${names++}`);

beforeAll(async () => {
  directory = programDirectory();
  await fillBank(directory.data, 1_500);
});
afterAll(() => directory.remove());

/** What must be the same on both sides. */
async function figures(data: string) {
  const { out } = await runCli(['verify', '--json', '--data', data]);
  const { findings, events, commits, claims, claims_digest, streams, digest, books, personal_data } =
    JSON.parse(out);
  expect(findings).toEqual([]);
  return { events, commits, claims, claims_digest, streams, digest, books, personal_data };
}

it('copies a bank however often it is killed on the way', async () => {
  const data = place('bank');
  let kills = 0;
  for (let after = 400; ; after *= 1.3) {
    const code = await runCliKilled(['copy', '--from', directory.data, '--to', data], after);
    if (code === 0) break;
    expect(code).toBeUndefined();
    kills++;
  }
  expect(kills).toBeGreaterThan(1);
  const again = await runCli(['copy', '--from', directory.data, '--to', data]);
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining('master.key') });
  copyFileSync(join(directory.data, 'master.key'), join(data, 'master.key'));
  expect(await figures(data)).toEqual(await figures(directory.data));
});

it('exports to a file or to standard output, and imports what is whole', async () => {
  const [file, data] = [place('export'), place('bank')];
  expect(await runCli(['export', file, '--data', directory.data])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Exported 1,\d{3} events, .* master key is not among them\.\n$/),
  });
  const printed = await runCli(['export', '-', '--data', directory.data]);
  expect(printed.out).toBe(readFileSync(file, 'utf8'));
  expect(await runCli(['export', file, '--data', directory.data])).toMatchObject({
    code: 1,
    err: expect.stringContaining('is there already'),
  });
  const lines = readFileSync(file, 'utf8').split('\n');
  const damaged = place('damaged');
  writeFileSync(damaged, lines.with(16, (lines[16] ?? '').replace('"stream"', '"Stream"')).join('\n'));
  expect(await runCli(['import', damaged, '--data', data])).toMatchObject({
    code: 1,
    err: expect.stringContaining('openbank: Line 17 is not what was exported there'),
  });
  expect(await runCli(['import', file, '--data', data])).toMatchObject({ code: 0 });
  copyFileSync(join(directory.data, 'master.key'), join(data, 'master.key'));
  expect(await figures(data)).toEqual(await figures(directory.data));
});

it('says in words what cannot be done, and changes nothing', async () => {
  const [nowhere, data] = [place('nowhere'), place('bank')];
  expect(await runCli(['import', nowhere, '--data', data])).toMatchObject({
    code: 1,
    err: expect.stringContaining(`openbank: ${nowhere}: there is no such file or folder.\n`),
  });
  expect(await runCli(['copy', '--from', nowhere, '--to', data])).toMatchObject({
    code: 1,
    err: expect.stringContaining(`no log.db in ${nowhere}`),
  });
  expect(existsSync(join(data, 'log.db'))).toBe(false);
  expect(await runCli(['copy', '--from', data])).toMatchObject({
    code: 2,
    err: expect.stringContaining('--to (OPENBANK_TO) cannot be used: name a bank'),
  });
  const secret = 'kurrentdb://a:secret@localhost:1,mongodb://localhost:1';
  const leaked = await runCli(['copy', '--from', secret, '--to', data]);
  expect(leaked).toMatchObject({ code: 2, err: expect.stringContaining('set OPENBANK_FROM instead') });
  expect(leaked.err).not.toContain('secret');
  expect(await runCli(['copy', '--from', data, '--to', data])).toMatchObject({
    code: 2,
    err: expect.stringContaining('the same bank'),
  });
});

/** Bytes that a file may have at most; a write that goes beyond is done in part first, as on a disk that becomes full. */
const hasLimits = spawnSync('prlimit', ['--version']).status === 0;

it.runIf(hasLimits)('takes no file for whole whose last bytes were not written', async () => {
  const [whole, file] = [place('export'), place('export')];
  await runCli(['export', whole, '--data', directory.data]);
  const limit = `--fsize=${statSync(whole).size - 20}`;
  const script = `trap '' XFSZ; exec prlimit ${limit} "$@"`;
  const args = ['-c', script, 'sh', process.execPath, main, 'export', file, '--data', directory.data];
  const limited = spawnSync('sh', args, { encoding: 'utf8' });
  expect(limited).toMatchObject({ status: 1, stdout: '' });
  expect(limited.stderr).toContain(`openbank: ${file}: it may not become so large here.\n`);
  expect(existsSync(file)).toBe(false);
});

it.runIf(existsSync('/dev/full'))('says in words that standard output cannot be written', async () => {
  for (const args of [
    ['export', '-', '--data', directory.data],
    ['verify', '--data', directory.data],
  ]) {
    const full = openSync('/dev/full', 'w');
    const failed = spawnSync(process.execPath, [main, ...args], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(/openbank: standard output: the disk is full\.\n$/);
    expect(failed.stderr).not.toContain('    at ');
  }
});

it('notices that nobody has read the end of what it has exported', async () => {
  const small = place('small');
  await fillBank(small, 4);
  expect(await runCliUnread(['export', '-', '--data', small])).toEqual({
    code: 1,
    err: 'openbank: standard output: nobody reads it any more.\n',
  });
});
