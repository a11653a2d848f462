import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { EXIT } from './exit-code.ts';
import type { MakeCommand } from './make-command.ts';

const TESTS = fileURLToPath(new URL('../../../../scripts/test.ts', import.meta.url));

export const testCommand: MakeCommand = (_io, end) =>
  new Command('test')
    .description('run all tests and checks of OpenBank; what follows is handed to them')
    .argument('[arguments...]')
    .allowUnknownOption()
    .addHelpText('after', '\nExample:\n  ./openbank test')
    .action(async (given: readonly string[]) => {
      const child = spawn(process.execPath, [TESTS, ...given], { stdio: 'inherit' });
      const [code] = await once(child, 'exit');
      end(code === 0 ? EXIT.ok : EXIT.failed);
    });
