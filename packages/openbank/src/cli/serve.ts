import { Command } from 'commander';
import { tellStarter } from '../start-messages.ts';
import { EXIT } from './exit-code.ts';
import type { MakeCommand } from './make-command.ts';
import { configOf, SERVER_SETTINGS, withSettings } from './settings-options.ts';

export const serveCommand: MakeCommand = (io, end) => {
  const command = new Command('serve')
    .description('run the bank in the foreground, its log on standard output, until SIGTERM or SIGINT')
    .addHelpText('after', '\nFor service managers and containers; start does the same in the background.')
    .action(async () => {
      const config = configOf(command, io);
      // Only here, so that all other commands answer at once.
      const [{ createLog }, { serve }, { startFailure }] = await Promise.all([
        import('../log.ts'),
        import('../serve.ts'),
        import('../start-failure.ts'),
      ]);
      const log = createLog(config.logLevel);
      // After an error that nobody expected nothing is certain: better ended and started again.
      process.on('uncaughtException', (error) => {
        log.fatal({ err: error }, 'OpenBank has failed');
        process.exit(EXIT.failed);
      });
      let ready = false;
      const onReady = (): void => {
        ready = true;
      };
      try {
        await serve(config, log, onReady);
        end(EXIT.ok);
      } catch (error) {
        const reason = startFailure(error, config) ?? 'an unexpected error; its log has the details.';
        log.fatal({ err: error }, `OpenBank ${ready ? 'has failed' : 'could not start'}: ${reason}`);
        tellStarter({ kind: 'failed', reason });
        if (process.connected !== true) io.err(`openbank: ${reason}`);
        end(EXIT.failed);
      }
    });
  return withSettings(command, SERVER_SETTINGS);
};
