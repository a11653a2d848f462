import { Argument, Command } from 'commander';
import { assertPart, PARTS, type Part } from '../part.ts';
import { tellStarter } from '../start-messages.ts';
import { EXIT } from './exit-code.ts';
import type { MakeCommand } from './make-command.ts';
import { configOf, SERVER_SETTINGS, withSettings } from './settings-options.ts';

export const serveCommand: MakeCommand = (io, end) => {
  const command = new Command('serve')
    .description('run the bank in the foreground, its log on standard output, until SIGTERM or SIGINT')
    .addArgument(
      new Argument(
        '[part]',
        'api or projector: that part alone, as often as you like, on KurrentDB and MongoDB',
      )
        .choices(PARTS)
        .default('all'),
    )
    .addHelpText(
      'after',
      `
For service managers and containers; start does the same in the background.

A part keeps nothing on the disk: an api takes OPENBANK_MASTER_KEY, the same for all. A projector answers /health/ready
and /metrics on its port.

Examples:
  ./openbank serve
  ./openbank serve api --port 8899
  ./openbank serve projector --port 8900`,
    )
    .action(async (part: Part) => {
      const config = configOf(command, io);
      assertPart(part, config);
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
        await serve(part, config, log, onReady);
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
