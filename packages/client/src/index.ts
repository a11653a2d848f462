export {
  type Answer,
  type Api,
  createOpenBankClient,
  type OpenBankClient,
  type OpenBankClientOptions,
} from './client.ts';
export { OpenBankError, type Problem } from './open-bank-error.ts';
export type { Schemas } from './schemas.ts';
