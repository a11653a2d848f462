import { Command } from 'commander';
import { EXIT } from './exit-code.ts';
import { launch } from './launch.ts';
import type { MakeCommand } from './make-command.ts';
import { configOf, SERVER_SETTINGS, withSettings } from './settings-options.ts';
import { stopBank } from './stop.ts';

export const restartCommand: MakeCommand = (io, end) => {
  const command = new Command('restart')
    .description('stop the bank, if it runs, and start it again')
    .addHelpText(
      'after',
      '\nFlags and environment are those of start; the last ones are not remembered.\n\nExample:\n  ./openbank restart',
    )
    .action(async () => {
      const config = configOf(command, io);
      const stopped = await stopBank(config.data, io);
      end(stopped === EXIT.ok ? await launch(config, io) : stopped);
    });
  return withSettings(command, SERVER_SETTINGS);
};
