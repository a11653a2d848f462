import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ProgramDirectory, programDirectory } from '../testing/program-directory.ts';
import { runCli } from '../testing/run-cli.ts';

let directory: ProgramDirectory;
let bin: string;
beforeEach(() => {
  directory = programDirectory();
  bin = join(directory.data, '..', 'bin');
  mkdirSync(bin);
});
afterEach(() => directory.remove());

const calls = (): readonly string[] => readFileSync(join(bin, 'calls'), 'utf8').trim().split('\n');

/** A docker that writes down what it is told, and fails where the pattern matches that. */
function plantDocker(failing = 'nothing at all'): void {
  const script = `#!/bin/sh
echo "$*" >> "$(dirname "$0")/calls"
case "$*" in *'${failing}'*) echo 'it failed' >&2; exit 1 ;; esac
`;
  writeFileSync(join(bin, 'docker'), script);
  chmodSync(join(bin, 'docker'), 0o755);
}

function stack(command: 'start' | 'stop', environment: NodeJS.ProcessEnv = {}) {
  const PATH = `${bin}:/usr/bin:/bin`;
  return runCli([command, '--stack', '--data', directory.data], { PATH, ...environment });
}

describe('start --stack', () => {
  it('brings everything up with secrets of its own, says where it is, and takes the same secrets again', async () => {
    plantDocker();
    const started = await stack('start');
    expect(started).toMatchObject({ code: 0, err: '' });
    for (const place of [':8899/api/v1', ':2113', ':8081']) expect(started.out).toContain(place);
    expect(calls().at(-1)).toMatch(
      /compose --file .*deploy\/compose.yaml --env-file .* up --build --detach --wait$/,
    );

    const path = join(directory.data, 'stack.env');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const secrets = readFileSync(path, 'utf8');
    expect(parseEnv(secrets)).toEqual({
      OPENBANK_TOKEN: expect.stringMatching(/^[0-9a-f]{64}$/),
      OPENBANK_MASTER_KEY: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    for (const secret of Object.values(parseEnv(secrets))) expect(started.out).not.toContain(secret);
    await stack('start');
    expect(readFileSync(path, 'utf8')).toBe(secrets);
  });

  it('takes the secrets that it is given', async () => {
    plantDocker();
    const given = { OPENBANK_TOKEN: 'a-token-of-some-length', OPENBANK_MASTER_KEY: '0a'.repeat(32) };
    await stack('start', given);
    expect(parseEnv(readFileSync(join(directory.data, 'stack.env'), 'utf8'))).toEqual(given);
  });

  it.each([
    ['compose version', /has no compose: install its plugin/],
    ['info', /daemon does not answer.*it failed/],
    [' up ', /the containers did not start/],
  ])('says what is missing where docker %s fails', async (failing, message) => {
    plantDocker(failing);
    const started = await stack('start');
    expect(started).toMatchObject({ code: 1, out: '' });
    expect(started.err).toMatch(message);
  });

  it('says that Docker is missing, and what works without', async () => {
    const started = await stack('start');
    expect(started.code).toBe(1);
    expect(started.err).toMatch(
      /needs Docker, and docker is not in PATH: install .*\n.*without Docker, .*start runs/,
    );
  });
});

describe('stop --stack', () => {
  it('ends the containers and leaves their data', async () => {
    plantDocker();
    await stack('start');
    expect(await stack('stop')).toMatchObject({ code: 0 });
    expect(calls().at(-1)).toMatch(/ down$/);
  });

  it('succeeds where nothing was started', async () => {
    expect(await stack('stop')).toMatchObject({ code: 0, err: '' });
  });
});
