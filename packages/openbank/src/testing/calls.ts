import type { InjectOptions, LightMyRequestResponse } from 'fastify';

export const ALICE = {
  first_name: 'Alice',
  last_name: 'Smith',
  date_of_birth: '1990-05-15',
  nationality: 'US',
  gender: 'FEMALE',
} as const;

export type Headers = Readonly<Record<string, string>>;

/** The calls that most tests make, as the seed makes them. */
export interface Calls {
  post(url: string, payload: object, headers?: Headers): Promise<LightMyRequestResponse>;
  get(url: string, headers?: Headers): Promise<LightMyRequestResponse>;
  registerAlice(): Promise<string>;
  openAccount(ownerId: string, fields?: object): Promise<string>;
  deposit(accountId: string, amount: string | number, headers?: Headers): Promise<LightMyRequestResponse>;
}

/** What answers requests without a network between. */
export interface Answering {
  inject(options: InjectOptions): Promise<LightMyRequestResponse>;
}

export function callsTo(app: Answering): Calls {
  const call = (options: InjectOptions) => app.inject(options);
  const post: Calls['post'] = (url, payload, headers = {}) =>
    call({ method: 'POST', url: `/api/v1${url}`, payload, headers });
  return {
    post,
    get: (url, headers = {}) => call({ method: 'GET', url: `/api/v1${url}`, headers }),
    async registerAlice() {
      return String((await post('/persons', ALICE)).json().id);
    },
    async openAccount(owner_id, fields = {}) {
      return String((await post('/accounts', { owner_id, ...fields })).json().id);
    },
    deposit: (account_id, amount, headers) =>
      post('/transactions/deposit', { account_id, amount, description: 'Test' }, headers),
  };
}
