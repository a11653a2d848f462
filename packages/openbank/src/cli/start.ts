import { Command } from 'commander';
import { ConfigError } from '../config.ts';
import { launch } from './launch.ts';
import type { MakeCommand } from './make-command.ts';
import { configOf, SERVER_SETTINGS, withSettings } from './settings-options.ts';

export const startCommand: MakeCommand = (io, end) => {
  const command = new Command('start')
    .description('start the bank in the background and wait until it is ready')
    .option('--stack', 'with KurrentDB and MongoDB, all in containers: needs Docker', false)
    .addHelpText(
      'after',
      `
Examples:
  ./openbank start
  ./openbank start --port 9000 --data /var/lib/openbank
  OPENBANK_TOKEN=$(openssl rand -hex 32) ./openbank start --host 0.0.0.0
  ./openbank start --event-store 'kurrentdb://localhost:2113?tls=false' --read-store mongodb://localhost:27017/openbank
  ./openbank start --stack`,
    )
    .action(async ({ stack }: { stack: boolean }) => {
      const config = configOf(command, io);
      if (stack) assertFitForStack(command);
      end(
        stack ? await (await import('../stack/stack.ts')).startStack(config, io) : await launch(config, io),
      );
    });
  return withSettings(command, SERVER_SETTINGS);
};

/** Other flags would be taken for done. @throws ConfigError */
function assertFitForStack(command: Command): void {
  const others = command.options.filter((option) => {
    const name = option.attributeName();
    return command.getOptionValueSource(name) === 'cli' && name !== 'stack' && name !== 'data';
  });
  if (others.length === 0) return;
  throw new ConfigError(
    others.map(
      ({ long }) => `${long} means nothing to --stack: set it in deploy/compose.yaml, or leave it out.`,
    ),
  );
}
