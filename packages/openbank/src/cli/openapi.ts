import { Command } from 'commander';
import { EXIT } from './exit-code.ts';
import type { MakeCommand } from './make-command.ts';
import { configOf } from './settings-options.ts';

const HELP = `
Needs no running bank: it is what a bank of this version answers at /api/openapi.json. Clients, and types for them, can be
generated from it.

Example:
  ./openbank openapi > openbank.json`;

export const openapiCommand: MakeCommand = (io, end) => {
  const command = new Command('openapi')
    .description('print the OpenAPI document of the HTTP interface')
    .addHelpText('after', HELP)
    .action(async () => {
      const { token } = configOf(command, io);
      // Only here, so that all other commands answer at once.
      const { openApiDocument } = await import('../http/document.ts');
      io.out(JSON.stringify(await openApiDocument(token), null, 2));
      end(EXIT.ok);
    });
  return command;
};
