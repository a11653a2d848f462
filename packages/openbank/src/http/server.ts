import type { Logger } from 'pino';
import { type App, createApp } from './app.ts';
import { gate } from './gate.ts';
import { guardRoutes } from './guard-routes.ts';
import { measure } from './measure.ts';
import { documentRoutes } from './openapi.ts';
import type { HttpParts } from './parts.ts';
import { createProblems } from './reply-problem.ts';
import { accountEventRoutes } from './routes/account-events.ts';
import { accountLifeRoutes } from './routes/account-life.ts';
import { accountRoutes } from './routes/accounts.ts';
import { type BatchParts, batchRoutes } from './routes/batches.ts';
import { depositRoutes } from './routes/deposits.ts';
import { feeRoutes } from './routes/fees.ts';
import { interestRoutes } from './routes/interest.ts';
import { healthRoutes, metricsRoute } from './routes/operations.ts';
import { personRoutes } from './routes/persons.ts';
import { reversalRoutes } from './routes/reversals.ts';
import { statementRoutes } from './routes/statements.ts';
import { transactionRoutes } from './routes/transactions.ts';
import { transferRoutes } from './routes/transfers.ts';
import { trialBalanceRoutes } from './routes/trial-balance.ts';
import { withdrawalRoutes } from './routes/withdrawals.ts';
import { AccountEventOut } from './schemas/account-events.ts';
import { AccountOpened, AccountOut, LimitChangedOut, StatusChangedOut } from './schemas/accounts.ts';
import { BatchOut } from './schemas/batches.ts';
import { PersonCorrected, PersonOut } from './schemas/persons.ts';
import { ProblemSchema } from './schemas/problem.ts';
import { StatementLineOut } from './schemas/statements.ts';
import { BookedOut, TransactionOut, TransferredOut } from './schemas/transactions.ts';
import { TrialBalanceOut } from './schemas/trial-balance.ts';

/** By their `$id`s, which routes refer to. */
const SCHEMAS = [
  ProblemSchema,
  PersonOut,
  PersonCorrected,
  AccountOpened,
  AccountOut,
  StatusChangedOut,
  LimitChangedOut,
  AccountEventOut,
  BookedOut,
  TransferredOut,
  BatchOut,
  TransactionOut,
  StatementLineOut,
  TrialBalanceOut,
];

export interface ServerOptions {
  readonly token: string | undefined;
  readonly log: Logger;
  /** Requests of the API that are answered at once. */
  readonly places?: number;
}

/** The HTTP interface of the bank, ready to listen. */
export async function createServer(parts: HttpParts, { token, log, places }: ServerOptions): Promise<App> {
  const problemOf = createProblems(log);
  const app = createApp(problemOf);
  measure(app, parts.metrics);
  for (const schema of SCHEMAS) app.addSchema(schema);
  await documentRoutes(app, { needsToken: token !== undefined });
  healthRoutes(app, parts);
  guardRoutes(app, token, (guarded) => {
    metricsRoute(guarded, parts);
    void guarded.register(apiRoutes({ ...parts, problemOf }, places), { prefix: '/api/v1' });
  });
  await app.ready();
  return app;
}

function apiRoutes(parts: HttpParts & BatchParts, places: number | undefined) {
  return (api: App, _options: object, done: () => void): void => {
    gate(api, places);
    personRoutes(api, parts);
    accountRoutes(api, parts);
    accountLifeRoutes(api, parts);
    accountEventRoutes(api, parts);
    depositRoutes(api, parts);
    withdrawalRoutes(api, parts);
    transferRoutes(api, parts);
    interestRoutes(api, parts);
    feeRoutes(api, parts);
    reversalRoutes(api, parts);
    batchRoutes(api, parts);
    statementRoutes(api, parts);
    transactionRoutes(api, parts);
    trialBalanceRoutes(api, parts);
    done();
  };
}
