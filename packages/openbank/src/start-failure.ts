import { EventSourcingError } from '@openbank/eventsourcing';
import type { Config } from './config.ts';
import { DataDirectoryError } from './data-directory.ts';
import { AlreadyRunning } from './run-file.ts';
import { nameOf, SETTINGS } from './settings.ts';

/** Why the bank could not start, for who started it; undefined where that is a fault of the program. */
export function startFailure(error: unknown, config: Config): string | undefined {
  if (error instanceof DataDirectoryError || error instanceof AlreadyRunning) return error.message;
  if (error instanceof EventSourcingError) return `${error.message} (${error.code})`;
  return listenFailure(error, config);
}

function listenFailure(error: unknown, { host, port }: Config): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const ports = nameOf(SETTINGS.port);
  const hosts = nameOf(SETTINGS.host);
  switch (code) {
    case 'ENOSPC':
      return 'the disk is full: a start needs room for about as much again as the -wal files in the data directory hold.';
    case 'EADDRINUSE':
      return `port ${port} of ${host} is taken by another program: end that, or choose another by ${ports}.`;
    case 'EACCES':
      return `this user may not listen on port ${port}: choose one from 1024 on by ${ports}.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${host} is no address of this machine: name another by ${hosts}, such as 127.0.0.1.`;
    default:
      return undefined;
  }
}
