import { type KurrentDouble, startKurrentDouble } from './double/start-kurrent-double.ts';

/** The server that a suite talks to. */
export interface TestServer {
  readonly connectionString: string;
  /** Only where it is the test double: faults, and going down. What a suite does with a real server, it does without. */
  readonly double?: KurrentDouble;
  stop(): Promise<void>;
}

/**
 * The test double, or the real server that `OPENBANK_TEST_KURRENTDB` names. Several suites share a real one, and it keeps what
 * they write: so stream names are made anew in each test.
 */
export async function startTestServer(): Promise<TestServer> {
  const connectionString = process.env.OPENBANK_TEST_KURRENTDB;
  if (connectionString !== undefined) return { connectionString, stop: async () => {} };
  const double = await startKurrentDouble();
  return { connectionString: double.connectionString, double, stop: double.stop };
}
