import { startKurrentDouble } from './double/start-kurrent-double.ts';

/**
 * The test double as a process of its own: `node double-process.ts [port]`. Prints one line of JSON with its
 * connection string when it listens; ends on SIGTERM.
 */
const port = Number(process.argv[2] ?? 0);
const double = await startKurrentDouble({ port });
process.stdout.write(`${JSON.stringify({ connectionString: double.connectionString })}\n`);
process.once('SIGTERM', () => void double.stop().then(() => process.exit(0)));
