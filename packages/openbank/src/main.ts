#!/usr/bin/env node
import { terminal } from './cli/io.ts';
import { runProgram } from './cli/program.ts';

process.exitCode = await runProgram(process.argv.slice(2), terminal());
// A starter that waits is told by the end of the channel that nothing more comes.
if (process.connected === true) process.disconnect();
