import { EventSourcingError } from '@openbank/eventsourcing';
import { EXIT, type ExitCode } from './exit-code.ts';
import { fileFailure } from './file-failure.ts';
import type { Io } from './io.ts';

/**
 * Says why moving has failed.
 *
 * @param file - or what stands for one, that was read or written
 * @throws what is neither a store's nor a file's failure
 */
export function movingFailed(error: unknown, file: string, io: Io): ExitCode {
  io.err(`openbank: ${reasonOf(error, file)}`);
  return EXIT.failed;
}

function reasonOf(error: unknown, file: string): string {
  if (error instanceof EventSourcingError) return error.message;
  const reason = fileFailure(error);
  if (reason === undefined) throw error;
  return `${file}: ${reason}`;
}
