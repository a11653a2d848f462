import { Command } from 'commander';
import { launch } from './launch.ts';
import type { MakeCommand } from './make-command.ts';
import { configOf, SERVER_SETTINGS, withSettings } from './settings-options.ts';

export const startCommand: MakeCommand = (io, end) => {
  const command = new Command('start')
    .description('start the bank in the background and wait until it is ready')
    .addHelpText(
      'after',
      `
Examples:
  ./openbank start
  ./openbank start --port 9000 --data /var/lib/openbank
  OPENBANK_TOKEN=$(openssl rand -hex 32) ./openbank start --host 0.0.0.0`,
    )
    .action(async () => end(await launch(configOf(command, io), io)));
  return withSettings(command, SERVER_SETTINGS);
};
