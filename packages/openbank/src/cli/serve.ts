import { Command } from 'commander';
import { createLog } from '../log.ts';
import { serve } from '../serve.ts';
import { startFailure } from '../start-failure.ts';
import { tellStarter } from '../start-messages.ts';
import { EXIT } from './exit-code.ts';
import type { MakeCommand } from './program.ts';
import { configOf, SERVER_SETTINGS, withSettings } from './settings-options.ts';

export const serveCommand: MakeCommand = (io, end) => {
  const command = new Command('serve')
    .description('run the bank in the foreground, its log on standard output, until SIGTERM or SIGINT')
    .addHelpText('after', '\nFor service managers and containers; start does the same in the background.')
    .action(async () => {
      const config = configOf(command, io);
      const log = createLog(config.logLevel);
      // After an error that nobody expected nothing is certain: better ended and started again.
      process.on('uncaughtException', (error) => {
        log.fatal({ err: error }, 'OpenBank has failed');
        process.exit(EXIT.failed);
      });
      try {
        await serve(config, log);
        end(EXIT.ok);
      } catch (error) {
        const reason = startFailure(error, config) ?? 'an unexpected error; its log has the details.';
        log.fatal({ err: error }, `OpenBank could not start: ${reason}`);
        tellStarter({ kind: 'failed', reason });
        if (process.connected !== true) io.err(`openbank: ${reason}`);
        end(EXIT.failed);
      }
    });
  return withSettings(command, SERVER_SETTINGS);
};
