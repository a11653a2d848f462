import { EventSourcingError } from '@openbank/eventsourcing';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder.',
  EACCES: 'this user may not open it.',
  EISDIR: 'it is a directory: name a file.',
  ENOTDIR: 'a part of its path is no directory.',
  ENOSPC: 'the disk is full.',
  EROFS: 'its disk is read only.',
  EPIPE: 'nobody reads it any more.',
};

/**
 * Says why moving has failed.
 *
 * @throws what is neither a store's nor a file's failure
 */
export function movingFailed(error: unknown, file: string | undefined, io: Io): ExitCode {
  io.err(`openbank: ${reasonOf(error, file)}`);
  return EXIT.failed;
}

function reasonOf(error: unknown, file: string | undefined): string {
  if (error instanceof EventSourcingError) return error.message;
  if (file !== undefined && error instanceof Error && 'code' in error) {
    const reason = REASONS[String(error.code)];
    if (reason !== undefined) return `${file}: ${reason}`;
  }
  throw error;
}
