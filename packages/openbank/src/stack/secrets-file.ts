import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import type { Config } from '../config.ts';

export const STACK_SECRETS = 'stack.env';

/**
 * Makes the file of secrets at the first start, for its owner only: from the environment, else by chance. It is never
 * changed again: without its master key nobody can read who the persons of the bank are.
 */
export function ensureSecrets(path: string, { token, masterKey }: Config): void {
  if (existsSync(path)) return;
  const secrets = {
    OPENBANK_TOKEN: token ?? randomBytes(32).toString('hex'),
    OPENBANK_MASTER_KEY: masterKey ?? randomBytes(32).toString('hex'),
  };
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(path, lines.join(''), { mode: 0o600, flag: 'wx', flush: true });
}
