import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Config } from '../config.ts';
import { logFile, prepareDataDirectory } from '../data-directory.ts';
import { AlreadyRunning, runningBank } from '../run-file.ts';
import { describeAccess } from './access.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';
import { rotateLog } from './log-files.ts';
import { flagsOf, variablesOf } from './settings-options.ts';
import { type Started, untilStarted } from './until-started.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Starts the bank in the background and waits until it answers. */
export async function launch(config: Config, io: Io): Promise<ExitCode> {
  const running = runningBank(config.data);
  if (running !== undefined) {
    io.err(`openbank: ${new AlreadyRunning(running).message}`);
    return EXIT.failed;
  }
  prepareDataDirectory(config.data);
  const path = logFile(config.data);
  rotateLog(path);
  const from = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const child = spawnServer(config, path);
  const started = await untilStarted(child, { path, from }, io);
  if (child.connected) child.disconnect();
  child.unref();
  return say(started, config, io);
}

function say(started: Started, config: Config, io: Io): ExitCode {
  switch (started.kind) {
    case 'ready':
      for (const line of addresses(started.address, config)) io.out(line);
      return EXIT.ok;
    case 'interrupted':
      io.err(
        'openbank: interrupted: the bank that was starting was stopped. ./openbank start starts it again.',
      );
      return EXIT.interrupted;
    case 'failed':
      io.err(`openbank: it did not start: ${started.reason}`);
      return EXIT.failed;
    default:
      return started satisfies never;
  }
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
