import { startMongoDouble } from './double/mongo-double.ts';

// The double as a process of its own: node double-process.ts [port]. It prints one line when it listens, as JSON with
// `connectionString` and `port`, and ends on SIGTERM.

const port = Number(process.argv[2] ?? 0);
const double = await startMongoDouble({ port });
process.stdout.write(`${JSON.stringify({ connectionString: double.connectionString, port: double.port })}\n`);

process.once('SIGTERM', () => {
  double.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
