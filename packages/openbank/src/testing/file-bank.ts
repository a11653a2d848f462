import { pino } from 'pino';
import { composeBank } from '../composition.ts';
import { type Environment, readConfig } from '../config.ts';
import { prepareDataDirectory } from '../data-directory.ts';
import type { App } from '../http/app.ts';
import { checkAnswers } from './openapi/check-app.ts';

export interface FileBank {
  readonly app: App;
  close(): Promise<void>;
}

/** The bank as the program composes it, on the files of a data directory; it listens to nobody. */
export async function openFileBank(
  { data }: { readonly data: string },
  environment: Environment = {},
): Promise<FileBank> {
  prepareDataDirectory(data);
  const bank = await composeBank({
    projects: true,
    config: readConfig({ data }, environment),
    log: pino({ level: 'silent' }),
    onLocked() {},
    onUnlocking() {},
    onIndexProgress() {},
  });
  checkAnswers(bank.app);
  return {
    app: bank.app,
    async close() {
      await bank.app.close();
      await bank.close();
    },
  };
}
