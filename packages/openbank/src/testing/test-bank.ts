import type { App } from '../http/app.ts';

/** A bank on whatever stores, for tests that do not look behind its HTTP interface. */
export interface TestBank {
  readonly app: App;
  close(): Promise<void>;
}

export type OpenTestBank = () => Promise<TestBank>;
