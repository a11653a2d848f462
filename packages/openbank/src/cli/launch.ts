import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import { logFile, prepareDataDirectory } from '../data-directory.ts';
import { AlreadyRunning, runningBank } from '../run-file.ts';
import { readStartMessage, type StartMessage } from '../start-messages.ts';
import { describeAccess } from './access.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { lastLines, rotateLog } from './log-files.ts';
import { createProgressLine } from './progress-line.ts';
import { flagsOf, variablesOf } from './settings-options.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Starts the bank in the background and waits until it answers. */
export async function launch(config: Config, io: Io): Promise<ExitCode> {
  const running = runningBank(config.data);
  if (running !== undefined) {
    io.err(`openbank: ${new AlreadyRunning(running).message}`);
    return EXIT.failed;
  }
  prepareDataDirectory(config.data);
  const log = logFile(config.data);
  rotateLog(log);
  const child = spawnServer(config, log);
  const outcome = await untilStarted(child, log, io);
  if (child.connected) child.disconnect();
  child.unref();
  if (outcome.kind === 'ready') {
    for (const line of addresses(outcome.address, config)) io.out(line);
    return EXIT.ok;
  }
  io.err(`openbank: it did not start: ${outcome.reason}`);
  return EXIT.failed;
}

/** In a session of its own, so that what ends this terminal does not end the bank. All it says goes to its log. */
function spawnServer(config: Config, log: string): ChildProcess {
  const file = openSync(log, 'a', 0o600);
  try {
    return spawn(process.execPath, [MAIN, 'serve', ...flagsOf(config)], {
      detached: true,
      env: { ...process.env, ...variablesOf(config) },
      stdio: ['ignore', file, file, 'ipc'],
    });
  } finally {
    closeSync(file);
  }
}

type Outcome = Exclude<StartMessage, { kind: 'progress' }>;

/** What the child says last before it serves or ends. Interrupting the wait ends the child. */
async function untilStarted(child: ChildProcess, log: string, io: Io): Promise<Outcome> {
  const progress = createProgressLine(io);
  const interrupt = (): void => void child.kill('SIGTERM');
  process.once('SIGINT', interrupt);
  try {
    return await new Promise<Outcome>((resolve) => {
      child.on('message', (raw) => {
        const message = readStartMessage(raw);
        if (message?.kind === 'progress') progress.say(message.text);
        else if (message !== undefined) resolve(message);
      });
      child.on('error', ({ message: reason }) => resolve({ kind: 'failed', reason }));
      // Not its exit: what it said before may still be on its way.
      child.on('disconnect', () =>
        resolve({ kind: 'failed', reason: `its log ends with\n${lastLines(log, 10)}` }),
      );
    });
  } finally {
    process.removeListener('SIGINT', interrupt);
    progress.end();
  }
}

function addresses(address: string, { data, host, token }: Config): readonly string[] {
  const access = describeAccess({ host, needsToken: token !== undefined });
  return [
    'OpenBank is ready.',
    `  API        ${address}/api/v1`,
    `  reference  ${address}/api/docs`,
    `  health     ${address}/health/ready`,
    ...(access === undefined ? [] : [`  access     ${access}`]),
    `  data       ${data}`,
    `  log        ${logFile(data)}`,
  ];
}
