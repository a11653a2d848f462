import type { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import type { Io } from './io.ts';

/** Makes a command; it reports what it ended with. */
export type MakeCommand = (io: Io, end: (code: ExitCode) => void) => Command;
