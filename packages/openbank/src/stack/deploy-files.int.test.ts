import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from 'dockerfile-utils';
import { expect, it } from 'vitest';
import { SETTINGS } from '../settings.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const DEPLOY = join(ROOT, 'deploy');
const composeFile = readFileSync(join(DEPLOY, 'compose.yaml'), 'utf8');
const containerFile = readFileSync(join(DEPLOY, 'Containerfile'), 'utf8');

it('the compose file keeps to the Compose schema and to the rules of its linter', () => {
  const dclint = realpathSync(join(ROOT, 'node_modules/.bin/dclint'));
  const args = [dclint, '--config', 'dclint.json', '--max-warnings', '0', 'compose.yaml'];
  expect(spawnSync(process.execPath, args, { cwd: DEPLOY, encoding: 'utf8' })).toMatchObject({
    status: 0,
    stderr: '',
  });
});

it('the container file has nothing that its linter would have otherwise', () => {
  expect(validate(containerFile)).toEqual([]);
});

it('sets no variable that the program does not know', () => {
  const known: readonly string[] = Object.values(SETTINGS).map(({ variable }) => variable);
  const named = `${composeFile}${containerFile}`.match(/OPENBANK_[A-Z_]+/g) ?? [];
  expect(new Set(named).difference(new Set(known))).toEqual(new Set());
});

it('is no user with rights in the container', () => {
  expect(containerFile.match(/^USER .*/gm)).toEqual(['USER node']);
});
