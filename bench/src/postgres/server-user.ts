import { readFileSync } from 'node:fs';

export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/** In the order in which they are taken: `postgres` is there where Debian's package is. */
const USERS = ['postgres', 'nobody'];

/**
 * Whom PostgreSQL runs as where this process is root's, which it refuses to be; else nothing: it runs as we do.
 *
 * @throws Error - root has neither of the users
 */
export function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  const entries = lines.map((line) => line.split(':'));
  const found = USERS.flatMap((user) => entries.filter(([name]) => name === user))[0];
  if (found === undefined)
    throw new Error('PostgreSQL refuses to run as root, and there is no user postgres or nobody.');
  return { uid: Number(found[2]), gid: Number(found[3]) };
}
