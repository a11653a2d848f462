import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logFile, prepareDataDirectory } from '../data-directory.ts';
import { runningBank } from '../run-file.ts';
import { type ProgramDirectory, programDirectory } from '../testing/program-directory.ts';
import { runCli } from '../testing/run-cli.ts';
import { EXIT } from './exit-code.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

let directory: ProgramDirectory;
let data: string;
beforeEach(() => {
  directory = programDirectory();
  data = directory.data;
  prepareDataDirectory(data);
  writeFileSync(logFile(data), '{"pid":1,"msg":"an earlier run"}\n');
});
afterEach(async () => {
  await runCli(['stop', '--data', data]);
  directory.remove();
});

/** A start whose bank does this before all else; what it writes goes to its log. */
function start(work: string): ChildProcessByStdio<null, Readable, Readable> {
  const preload = join(data, 'preload.mjs');
  writeFileSync(preload, `if (process.argv.includes('serve')) { ${work} }`);
  return spawn(process.execPath, [MAIN, 'start', '--port', '0', '--data', data], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, NODE_OPTIONS: `--import ${pathToFileURL(preload)}` },
  });
}

async function saidBy(program: ChildProcessByStdio<null, Readable, Readable>) {
  const [out, err] = await Promise.all([text(program.stdout), text(program.stderr), once(program, 'exit')]);
  return { code: program.exitCode, out, err };
}

const WAITS = "console.log('waiting ' + process.pid); await new Promise((go) => setTimeout(go, 60_000));";

/** @returns the process that waits */
async function untilWaiting(): Promise<number> {
  const waiting = (): number => Number(/waiting (\d+)/.exec(readFileSync(logFile(data), 'utf8'))?.[1] ?? 0);
  await expect.poll(waiting, { timeout: 20_000 }).toBeGreaterThan(0);
  return waiting();
}

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a start that is interrupted', () => {
  it.each([
    ['before it has begun', WAITS],
    [
      'when it is about to be ready',
      `process.once('SIGTERM', () => {
         process.send({ kind: 'ready', address: 'http://127.0.0.1:1' });
         setTimeout(() => process.exit(0), 300);
       }); ${WAITS}`,
    ],
  ])('%s ends with 130, and leaves nothing running', async (_when, work) => {
    const program = start(work);
    const pid = await untilWaiting();
    program.kill('SIGINT');
    const { code, out, err } = await saidBy(program);
    expect({ code, out }).toEqual({ code: EXIT.interrupted, out: '' });
    expect(err).toBe(
      'openbank: interrupted: the bank that was starting was stopped. ./openbank start starts it again.\n',
    );
    expect(isThere(pid)).toBe(false);
    expect(runningBank(data)).toBeUndefined();
  });

  it('ends at the second time whatever the bank does', async () => {
    const program = start(`process.on('SIGTERM', () => console.log('asked to end')); ${WAITS}`);
    const pid = await untilWaiting();
    program.kill('SIGINT');
    await expect.poll(() => readFileSync(logFile(data), 'utf8')).toContain('asked to end');
    program.kill('SIGINT');
    expect(await saidBy(program)).toMatchObject({ code: EXIT.interrupted });
    expect(isThere(pid)).toBe(false);
  });
});

describe('a start that fails without a word', () => {
  it('shows what this run has logged, and nothing of others', async () => {
    const program = start(`process.once('SIGUSR2', () => {
      console.error('out of luck');
      process.exit(7);
    }); ${WAITS}`);
    const pid = await untilWaiting();
    appendFileSync(logFile(data), '{"pid":2,"msg":"a start beside it"}\n');
    process.kill(pid, 'SIGUSR2');
    const { code, err } = await saidBy(program);
    expect(code).toBe(EXIT.failed);
    expect(err).toBe(`openbank: it did not start: its log ends with\nwaiting ${pid}\nout of luck\n`);
  });

  it('says where its log is when it has logged nothing', async () => {
    const { code, err } = await saidBy(start('process.exit(7);'));
    expect(code).toBe(EXIT.failed);
    expect(err).toBe(`openbank: it did not start: it ended and said nothing in its log, ${logFile(data)}.\n`);
  });
});
