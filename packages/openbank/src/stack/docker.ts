import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const COMPOSE_FILE = fileURLToPath(new URL('../../../../deploy/compose.yaml', import.meta.url));

/** What is missing on this machine to run containers, and what to do; undefined where nothing is. */
export function whatDockerLacks(): string | undefined {
  const client = spawnSync('docker', ['--version'], { encoding: 'utf8' });
  if (client.error !== undefined)
    return 'docker is not in PATH: install Docker Engine or Docker Desktop (https://docs.docker.com/engine/install).';
  const compose = spawnSync('docker', ['compose', 'version'], { encoding: 'utf8' });
  if (compose.status !== 0)
    return 'docker has no compose: install its plugin (https://docs.docker.com/compose/install).';
  const daemon = spawnSync('docker', ['info'], { encoding: 'utf8' });
  if (daemon.status === 0) return undefined;
  const said = daemon.stderr.trim().split('\n').at(-1) ?? '';
  return `the Docker daemon does not answer: start it, or see that this user may use it. (${said})`;
}

/**
 * Runs `docker compose` on the project's compose file; what it says goes where this process's output goes.
 *
 * @param secrets - path of a file of variables
 * @returns whether it succeeded
 */
export async function compose(secrets: string, args: readonly string[]): Promise<boolean> {
  const child = spawn('docker', ['compose', '--file', COMPOSE_FILE, '--env-file', secrets, ...args], {
    stdio: 'inherit',
  });
  const [code] = await once(child, 'exit');
  return code === 0;
}
