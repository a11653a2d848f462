import { Command } from 'commander';
import { clean, confirmed } from './clean.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { launch } from './launch.ts';
import type { MakeCommand } from './make-command.ts';
import { configOf, SERVER_SETTINGS, withSettings } from './settings-options.ts';
import { stopBank } from './stop.ts';

export const resetCommand: MakeCommand = (io, end) => {
  const command = new Command('reset')
    .description('stop the bank, remove it, and start an empty one')
    .option('-y, --yes', 'do not ask', false)
    .addHelpText('after', '\nExample:\n  ./openbank reset --yes')
    .action(async ({ yes }: { yes: boolean }) => {
      const config = configOf(command, io);
      const steps: readonly (() => ExitCode | Promise<ExitCode>)[] = [
        async () => ((await confirmed(config.data, yes, io)) ? EXIT.ok : EXIT.failed),
        () => stopBank(config.data, io),
        () => clean(config.data, io),
        () => launch(config, io),
      ];
      end(await untilFailure(steps));
    });
  return withSettings(command, SERVER_SETTINGS);
};

async function untilFailure(steps: readonly (() => ExitCode | Promise<ExitCode>)[]): Promise<ExitCode> {
  for (const step of steps) {
    const code = await step();
    if (code !== EXIT.ok) return code;
  }
  return EXIT.ok;
}
