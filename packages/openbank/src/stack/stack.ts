import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, type ExitCode } from '../cli/exit-code.ts';
import type { Io } from '../cli/io.ts';
import type { Config } from '../config.ts';
import { prepareDataDirectory } from '../data-directory.ts';
import { compose, whatDockerLacks } from './docker.ts';
import { ensureSecrets, STACK_SECRETS } from './secrets-file.ts';

/** Starts the bank, KurrentDB and MongoDB in containers, and waits until all of them are healthy. */
export async function startStack(config: Config, io: Io): Promise<ExitCode> {
  const lacks = whatDockerLacks();
  if (lacks !== undefined) return refuse(io, lacks);
  prepareDataDirectory(config.data);
  const secrets = join(config.data, STACK_SECRETS);
  ensureSecrets(secrets, config);
  if (!(await compose(secrets, ['up', '--build', '--detach', '--wait']))) {
    io.err('openbank: the containers did not start: docker compose has said why above.');
    return EXIT.failed;
  }
  for (const line of whereTheStackIs(secrets)) io.out(line);
  return EXIT.ok;
}

/** Stops the containers. What they keep stays in their volumes. */
export async function stopStack({ data }: Config, io: Io): Promise<ExitCode> {
  const secrets = join(data, STACK_SECRETS);
  if (!existsSync(secrets)) {
    io.out(`No containers were started from ${data}.`);
    return EXIT.ok;
  }
  const lacks = whatDockerLacks();
  if (lacks !== undefined) return refuse(io, lacks);
  return (await compose(secrets, ['down'])) ? EXIT.ok : EXIT.failed;
}

function refuse(io: Io, lacks: string): ExitCode {
  io.err(`openbank: --stack needs Docker, and ${lacks}`);
  io.err('openbank: without Docker, ./openbank start runs the bank on files, with nothing else to install.');
  return EXIT.failed;
}

function whereTheStackIs(secrets: string): readonly string[] {
  return [
    'OpenBank is ready.',
    '  API              http://localhost:8899/api/v1',
    '  reference        http://localhost:8899/api/docs',
    '  KurrentDB        http://localhost:2113',
    '  Mongo Express    http://localhost:8081',
    `  token and key    ${secrets}: keep a copy where you keep secrets`,
    '  stop             ./openbank stop --stack',
  ];
}
