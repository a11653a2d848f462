import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logFile, prepareDataDirectory } from '../data-directory.ts';
import { writeRunFile } from '../run-file.ts';
import { SETTINGS } from '../settings.ts';
import { fakeIo } from '../testing/fake-io.ts';
import { EXIT } from './exit-code.ts';
import { runProgram } from './program.ts';

let parent: string;
let data: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'openbank-cli-'));
  data = join(parent, 'bank');
});
afterEach(() => rmSync(parent, { recursive: true }));

const COMMANDS = [
  'start',
  'stop',
  'restart',
  'status',
  'logs',
  'clean',
  'reset',
  'person',
  'account',
  'deposit',
  'withdraw',
  'transfer',
  'interest',
  'fee',
  'reverse',
  'transaction',
  'trial-balance',
  'batch',
  'seed',
  'verify',
  'openapi',
  'test',
  'bench',
  'serve',
];

describe('help', () => {
  it('lists every command, the environment and the exit codes', async () => {
    const io = fakeIo();
    expect(await runProgram(['--help'], io)).toBe(EXIT.ok);
    const help = io.outLines.join('\n');
    for (const name of COMMANDS) expect(help).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    for (const { variable } of Object.values(SETTINGS)) expect(help).toContain(variable);
    expect(help).toContain('Exit codes');
  });

  it('tells the version', async () => {
    const io = fakeIo();
    expect(await runProgram(['--version'], io)).toBe(EXIT.ok);
    expect(io.outLines.join('')).toMatch(/^\d+\.\d+\.\d+/);
  });

  it.each(COMMANDS)('says what %s does and shows it by example', async (name) => {
    const io = fakeIo();
    expect(await runProgram([name, '--help'], io)).toBe(EXIT.ok);
    expect(io.outLines.join('\n')).toMatch(name === 'serve' ? /foreground/ : /\.\/openbank/);
  });

  it('names the variable and the default of every flag of start', async () => {
    const io = fakeIo();
    await runProgram(['start', '--help'], io);
    expect(io.outLines.join('\n').replaceAll(/\s+/g, ' ')).toContain('(OPENBANK_PORT; default 8899)');
  });
});

describe('a command line that is wrong', () => {
  it.each([
    [['strat']],
    [['start', '--prot', '1']],
    [['start', 'now']],
    [['logs', '-n', 'all']],
    [['start', '--port', '99999']],
    [['start', '--host', '0.0.0.0']],
    [['start', '--event-store', 'postgres://localhost']],
    [[]],
  ])('ends with 2 and says why: %j', async (args) => {
    const io = fakeIo();
    expect(await runProgram(args, io)).toBe(EXIT.usage);
    expect([...io.errLines, ...io.outLines].join('')).not.toBe('');
  });

  it.each([
    [['strat'], './openbank --help'],
    [['start', '--prot', '1'], './openbank start --help'],
    [['logs', '-n', 'all'], './openbank logs --help'],
    [['account', 'opne'], './openbank account --help'],
    [['account', 'open'], './openbank account open --help'],
  ])('says that it is the program that refuses, and where help is: %j', async (args, hint) => {
    const io = fakeIo();
    await runProgram(args, io);
    expect(io.errLines[0]).toMatch(/^openbank: [a-z]/);
    expect(io.errLines.join('\n')).toContain(hint);
  });

  it('ends with 2 for a directory of somebody else, and touches nothing', async () => {
    mkdirSync(data);
    writeFileSync(join(data, 'thesis.txt'), '');
    const io = fakeIo({ OPENBANK_DATA: data });
    expect(await runProgram(['start', '--port', '0'], io)).toBe(EXIT.usage);
    expect(io.errLines.join('')).toContain('--data (OPENBANK_DATA)');
    expect(readdirSync(data)).toEqual(['thesis.txt']);
  });
});

describe('where no bank runs', () => {
  it('stop succeeds and status ends with 3', async () => {
    const io = fakeIo();
    expect(await runProgram(['stop', '--data', data], io)).toBe(EXIT.ok);
    expect(await runProgram(['status', '--data', data], io)).toBe(EXIT.notRunning);
    expect(io.outLines[0]).toBe(`OpenBank is not running in ${data}.`);
    expect(io.outLines[1]).toBe('OpenBank is not running.');
  });

  it('status says whether there is a bank at all', async () => {
    const shown = async () => {
      const io = fakeIo();
      await runProgram(['status', '--data', data], io);
      return io.outLines.at(-1);
    };
    expect(await shown()).toBe(`data         ${data} (there is none)`);
    mkdirSync(data);
    expect(await shown()).toBe(`data         ${data} (no bank is in it)`);
    prepareDataDirectory(data);
    expect(await shown()).toBe(`data         ${data} (0.0 MB)`);
  });

  it('status gives scripts an object', async () => {
    const io = fakeIo();
    await runProgram(['status', '--json', '--data', data], io);
    expect(JSON.parse(io.outLines.join(''))).toMatchObject({
      running: false,
      pid: null,
      data,
      data_bytes: 0,
    });
  });

  it('logs says that it waits for one that is to be followed', async () => {
    const io = fakeIo();
    const following = runProgram(['logs', '-f', '--data', data], io);
    await expect.poll(() => io.errLines.join('')).toContain(`no log at ${logFile(data)} yet`);
    process.emit('SIGINT');
    expect(await following).toBe(EXIT.ok);
  });

  it('logs says where none is', async () => {
    const io = fakeIo();
    expect(await runProgram(['logs', '--data', data], io)).toBe(EXIT.failed);
    expect(io.errLines.join('')).toContain(logFile(data));
  });
});

describe('logs', () => {
  it('shows the last lines', async () => {
    prepareDataDirectory(data);
    writeFileSync(logFile(data), Array.from({ length: 100 }, (_, line) => `line ${line}\n`).join(''));
    const io = fakeIo();
    expect(await runProgram(['logs', '-n', '2', '--data', data], io)).toBe(EXIT.ok);
    expect(io.outLines).toEqual(['line 98\nline 99']);
  });
});

describe('start --stack', () => {
  it('refuses flags that its containers would not follow', async () => {
    const io = fakeIo();
    const args = ['--stack', '--port', '9000', '--data', data, '--event-store', 'sqlite'];
    expect(await runProgram(['start', ...args], io)).toBe(EXIT.usage);
    expect(io.errLines).toEqual([
      expect.stringMatching(/^openbank: --port means nothing to --stack/),
      expect.stringMatching(/^openbank: --event-store means nothing to --stack/),
    ]);
  });
});

describe('clean', () => {
  beforeEach(() => {
    prepareDataDirectory(data);
    writeFileSync(join(data, 'log.db'), '');
  });

  it.each([
    [undefined, EXIT.failed],
    [['no'], EXIT.failed],
    [[''], EXIT.failed],
    [['yesterday'], EXIT.failed],
    [['y'], EXIT.ok],
    [['YES '], EXIT.ok],
    [['yes'], EXIT.ok],
  ])('asks first; answered %j', async (answers, code) => {
    expect(await runProgram(['clean', '--data', data], fakeIo({}, answers))).toBe(code);
    expect(readdirSync(parent)).toEqual(code === EXIT.ok ? [] : ['bank']);
  });

  it('does not ask with --yes', async () => {
    expect(await runProgram(['clean', '--yes', '--data', data], fakeIo())).toBe(EXIT.ok);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('leaves the only master key of what containers keep, and starts anew beside it', async () => {
    writeFileSync(join(data, 'stack.env'), 'OPENBANK_MASTER_KEY=0');
    const io = fakeIo();
    expect(await runProgram(['clean', '--yes', '--data', data], io)).toBe(EXIT.ok);
    expect(io.outLines.join('\n')).toMatch(/Left: .*stack\.env, which holds the master key/);
    expect(readdirSync(data)).toEqual(['stack.env']);
    prepareDataDirectory(data);
    expect(readdirSync(data)).toContain('openbank.data.json');
  });

  it('refuses while the bank runs', async () => {
    writeRunFile(data, 'http://127.0.0.1:1');
    const io = fakeIo();
    expect(await runProgram(['clean', '--yes', '--data', data], io)).toBe(EXIT.failed);
    expect(io.errLines.join('')).toContain(String(process.pid));
    expect(readdirSync(data)).toContain('log.db');
  });

  it('refuses while another process has the store open without a run file', async () => {
    const lock = new DatabaseSync(join(data, 'lock.db'));
    lock.exec('BEGIN EXCLUSIVE');
    expect(await runProgram(['clean', '--yes', '--data', data], fakeIo())).toBe(EXIT.failed);
    expect(readdirSync(data)).toContain('log.db');
    lock.close();
    expect(await runProgram(['clean', '--yes', '--data', data], fakeIo())).toBe(EXIT.ok);
  });

  it('refuses a directory that is not of OpenBank', async () => {
    const other = join(parent, 'other');
    mkdirSync(other);
    writeFileSync(join(other, 'log.db'), '');
    expect(await runProgram(['clean', '--yes', '--data', other], fakeIo())).toBe(EXIT.failed);
    expect(readdirSync(other)).toEqual(['log.db']);
  });
});
