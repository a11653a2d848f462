import { destination, type Logger, pino, stdSerializers } from 'pino';
import type { LogLevel } from './settings.ts';

/** What a log line may never hold, wherever an object carries it: secrets, and what is personal. */
const REDACTED = [
  'token',
  'masterKey',
  'authorization',
  'body',
  'plain',
  'description',
  'first_name',
  'last_name',
  'date_of_birth',
  'address',
];

/**
 * Structured logs on standard output, a JSON object a line, written at once so that a crash loses none. Requests are
 * not logged: metrics count them. Bodies and headers never are.
 */
export function createLog(level: LogLevel): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { err: serializeError },
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    },
    destination({ dest: 1, sync: true }),
  );
}

/** What `listen` fails with names the address that it was to listen on, which is nobody's home. */
function serializeError(error: Error): object {
  const serialized = stdSerializers.err(error);
  if (serialized.syscall !== 'listen') return serialized;
  const { address: listening, ...rest } = serialized;
  return { ...rest, listening };
}
